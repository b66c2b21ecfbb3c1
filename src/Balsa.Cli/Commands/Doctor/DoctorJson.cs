using System.Globalization;
using System.Text.Json;
using Balsa.Storage.Doctor;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>The report as one object for programs.</summary>
internal static class DoctorJson
{
    public static void Write(Utf8JsonWriter writer, DirectoryReport report, bool dumps, bool acceptedLoss)
    {
        writer.WriteString("schema", "balsa.doctor.data/1");
        writer.WriteString("directory", report.Path);
        writer.WriteBoolean("healthy", report.IsHealthy);
        writer.WriteBoolean("acceptedLoss", acceptedLoss);
        writer.WriteString("cluster", report.Identity!.Cluster.ToString("x", CultureInfo.InvariantCulture));
        writer.WriteNumber("member", report.Identity.Member.Value);
        writer.WriteString("incarnation", report.Identity.Incarnation.ToString());
        if (report.LogRefusal is { } refusal) writer.WriteString("refusal", refusal);
        if (report.Log is { } log) WriteLog(writer, log);
        WriteSegments(writer, report, dumps);
        WriteSnapshots(writer, report);
        WriteNames(writer, "spares", report.Spares);
        WriteNames(writer, "setAside", report.SetAside);
        WriteNames(writer, "leftovers", report.Leftovers);
        writer.WriteNumber("footprintBytes", report.FootprintBytes);
        WriteNames(writer, "next", DoctorText.WhatCanBeDone(report));
    }

    private static void WriteLog(Utf8JsonWriter writer, LogReport log)
    {
        writer.WriteNumber("boots", log.Boots);
        writer.WriteNumber("term", log.HardState.Term.Value);
        writer.WriteNumber("vote", log.HardState.VotedFor.Value);
        writer.WriteNumber("base", log.Base.Index.Value);
        writer.WriteNumber("first", log.Base.Index.Next.Value);
        writer.WriteNumber("last", log.Last.Index.Value);
        writer.WriteNumber("lastTerm", log.Last.Term.Value);
        writer.WriteNumber("tornBytes", log.TornBytes);
        writer.WriteStartArray("members");
        foreach (var member in log.Configuration.Members)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", member.Id.Value);
            writer.WriteString("name", member.Name);
            writer.WriteString("role", member.Role.ToString());
            writer.WriteString("incarnation", member.Incarnation.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("peers");
        foreach (var peer in log.Peers)
        {
            writer.WriteStartObject();
            writer.WriteNumber("member", peer.Member.Value);
            writer.WriteString("incarnation", peer.Incarnation.ToString());
            writer.WriteNumber("boot", peer.HighestBoot.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteDamage(writer, log);
    }

    private static void WriteDamage(Utf8JsonWriter writer, LogReport log)
    {
        if (log.Damage is { } damage)
        {
            writer.WriteStartObject("damage");
            writer.WriteString("file", damage.File);
            writer.WriteNumber("offset", damage.Offset);
            writer.WriteString("what", damage.What);
            writer.WriteEndObject();
        }

        if (log.Lost is not { } lost) return;
        writer.WriteStartObject("lost");
        writer.WriteNumber("first", lost.First.Value);
        writer.WriteNumber("lastKnown", lost.LastKnown.Value);
        writer.WriteBoolean("hardStateIsLost", lost.HardStateIsLost);
        writer.WriteEndObject();
    }

    private static void WriteSegments(Utf8JsonWriter writer, DirectoryReport report, bool dumps)
    {
        writer.WriteStartArray("segments");
        foreach (var segment in report.Segments)
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", segment.Sequence);
            writer.WriteNumber("bytes", segment.Bytes);
            writer.WriteNumber("epoch", segment.Epoch);
            writer.WriteNumber("previous", segment.Previous);
            writer.WriteBoolean("headIsGood", segment.IsHeadGood);
            writer.WriteNumber("records", segment.RecordCount);
            writer.WriteNumber("entries", segment.EntryCount);
            writer.WriteNumber("damagedRecords", segment.BadCount);
            writer.WriteNumber("end", segment.End);
            writer.WriteString("close", segment.Close.ToString().ToLowerInvariant());
            writer.WriteBoolean("void", segment.IsVoid);
            if (dumps) WriteRecords(writer, segment);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRecords(Utf8JsonWriter writer, SegmentReport segment)
    {
        writer.WriteStartArray("dump");
        foreach (var record in segment.Records)
        {
            writer.WriteStartObject();
            writer.WriteNumber("offset", record.Offset);
            writer.WriteString("type", record.Type);
            writer.WriteNumber("epoch", record.Epoch);
            writer.WriteNumber("index", record.Last.Index.Value);
            writer.WriteNumber("term", record.Last.Term.Value);
            writer.WriteNumber("length", record.Length);
            writer.WriteNumber("durableUpTo", record.DurableUpTo);
            writer.WriteNumber("hardStates", record.HardStates);
            writer.WriteBoolean("checksumOk", record.IsGood);
            writer.WriteBoolean("follows", record.Follows);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSnapshots(Utf8JsonWriter writer, DirectoryReport report)
    {
        writer.WriteStartArray("snapshots");
        foreach (var snapshot in report.Snapshots)
        {
            writer.WriteStartObject();
            writer.WriteString("name", snapshot.Name);
            writer.WriteNumber("bytes", snapshot.Bytes);
            writer.WriteBoolean("whole", snapshot.Problem is null);
            if (snapshot.Problem is { } problem) writer.WriteString("problem", problem.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}

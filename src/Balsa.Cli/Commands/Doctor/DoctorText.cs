using System.Globalization;
using Balsa.Cli.CommandLine;
using Balsa.Storage.Doctor;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>The report for people: what is there, what is damaged, what it means, what can be done.</summary>
internal static class DoctorText
{
    public static void Print(Output output, DirectoryReport report, bool dumps)
    {
        output.Line(Headline(report));
        output.Line();
        PrintWhat(output, report);
        PrintSegments(output, report);
        if (dumps) PrintRecords(output, report);
        PrintFiles(output, report);
        PrintDamage(output, report);
        output.Line();
        output.Line("What can be done:");
        foreach (var line in WhatCanBeDone(report)) output.Line("  " + line);
    }

    public static string Headline(DirectoryReport report)
    {
        if (report.LogRefusal is not null) return "✕ the log cannot be used";
        if (report.Log?.Damage is not null) return "✕ the log is damaged";
        if (report.Log?.Lost is not null) return "▲ recovering: what earlier damage took is not back yet";
        return report.DamagedSnapshots > 0 ? "▲ a snapshot is damaged" : "✓ healthy";
    }

    public static string Restore(DirectoryReport report) => $"restore {report.Path} from a copy";

    public static IEnumerable<string> WhatCanBeDone(DirectoryReport report)
    {
        if (report.LogRefusal is not null)
        {
            yield return Restore(report) + ",";
            yield return "or replace this member with an empty one.";
        }
        else if (report.IsHealthy || report.Log is { Damage: null, Lost: null })
        {
            if (report.IsHealthy) yield return "start the node: nothing that was acknowledged is missing.";
            else if (report.Snapshots.Any(snapshot => snapshot.Problem is { MayFallBack: false }))
                yield return "use the build that wrote the snapshot, or remove it if somebody else put it there.";
            else yield return "start the node: it passes over the damaged snapshot for an older one and the log.";
        }
        else if (report.Log?.Lost is { HardStateIsLost: true } && report.HasOtherVoters)
        {
            yield return "replace this member with an empty one: its vote is lost, so it can never vote or count again.";
        }
        else if (report.HasOtherVoters)
        {
            yield return "start the node: it fetches what is missing from the others, and neither votes nor counts until then.";
            yield return "While it does, one failure less is tolerated. Or replace this member with an empty one.";
        }
        else
        {
            yield return Restore(report) + ",";
            yield return $"or go on without what is lost: balsa doctor data {report.Path} --accept-loss";
        }
    }

    /// <summary>Which entries are missing, and whether term and vote are known.</summary>
    public static IEnumerable<string> Meaning(DirectoryReport report)
    {
        if (report.Log?.Lost is not { } lost) yield break;
        yield return lost.LastKnown < lost.First
            ? $"no entry is known to be missing; there may have been some after {report.Log.Last.Index}"
            : $"entries {lost.First} to {lost.LastKnown} are missing, and perhaps later ones";
        yield return lost.HardStateIsLost
            ? "the newest vote is lost, or nobody can say whether it is"
            : $"term {report.Log.HardState.Term.Value} and vote for {report.Log.HardState.VotedFor} are known";
    }

    private static void PrintWhat(Output output, DirectoryReport report)
    {
        var identity = report.Identity!;
        output.Line(Text($"  cluster {identity.Cluster:x}, member {identity.Member.Value}, incarnation {identity.Incarnation}"));
        if (report.Log is not { } log) return;
        output.Line(Text($"  {log.Boots} starts, term {log.HardState.Term.Value}, vote {log.HardState.VotedFor}"));
        output.Line(log.Last.Index == log.Base.Index
            ? Text($"  no entries after {log.Base.Index}")
            : Text($"  entries {log.Base.Index.Next} to {log.Last.Index}, last term {log.Last.Term.Value}, base {log.Base}"));
        if (log.TornBytes > 0)
            output.Line("  a torn end: the last batch before a crash. Nobody was told of it; the next start leaves it behind");
        foreach (var member in log.Configuration.Members)
            output.Line(Text($"  in force: {member.Role} {member.Id} {member.Name}, incarnation {member.Incarnation}"));
        foreach (var voter in log.Configuration.OutgoingVoters) output.Line($"  in force: outgoing voter {voter}");
        foreach (var peer in log.Peers)
            output.Line(Text($"  seen: {peer.Member}, incarnation {peer.Incarnation}, boot {peer.HighestBoot.Value}"));
    }

    private static void PrintSegments(Output output, DirectoryReport report)
    {
        output.Line();
        output.Line("  SEGMENT                    BYTES   EPOCH  RECORDS  ENTRIES       END  STATE");
        foreach (var segment in report.Segments)
        {
            var state = segment.IsVoid ? "void" : segment.Close.ToString().ToLowerInvariant();
            if (!segment.IsHeadGood) state += ", head damaged";
            if (segment.BadCount > 0) state += Text($", {segment.BadCount} damaged");
            var counts = Text($"{segment.Epoch,8}{segment.RecordCount,9}{segment.EntryCount,9}{segment.End,10}");
            output.Line(Text($"  {segment.Name,-20}{segment.Bytes,12}{counts}  {state}"));
        }
    }

    private static void PrintRecords(Output output, DirectoryReport report)
    {
        output.Line();
        output.Line("  SEGMENT     OFFSET  TYPE                 EPOCH          LAST   BYTES  CHECKSUM");
        foreach (var segment in report.Segments)
        {
            foreach (var record in segment.Records)
            {
                var checksum = (record.IsGood ? "ok" : "WRONG") + (record.Follows ? "" : ", behind a gap");
                var place = Text($"{segment.Sequence,7:x}{record.Offset,11}");
                output.Line(Text($"  {place}  {record.Type,-20}{record.Epoch,6}{record.Last,14}{record.Length,8}  {checksum}"));
            }
        }
    }

    private static void PrintFiles(Output output, DirectoryReport report)
    {
        output.Line();
        foreach (var snapshot in report.Snapshots)
            output.Line(Text($"  snapshot {snapshot.Name}, {snapshot.Bytes} bytes, {snapshot.Problem?.Reason ?? "whole"}"));
        foreach (var name in report.SetAside) output.Line($"  set aside at an earlier start: {name}");
        foreach (var name in report.Leftovers) output.Line($"  half made: {name}");
        output.Line(Text($"  {report.Spares.Count} spare segments; {report.FootprintBytes} bytes on disk in all"));
    }

    private static void PrintDamage(Output output, DirectoryReport report)
    {
        if (report.LogRefusal is { } refusal)
        {
            output.Line();
            output.Line("Damage:");
            output.Line("  " + refusal);
        }

        if (report.Log is not { Lost: not null } log) return;
        output.Line();
        output.Line("Damage:");
        if (log.Damage is { } damage) output.Line(Text($"  {damage.File} at byte {damage.Offset}: {damage.What}"));
        foreach (var line in Meaning(report)) output.Line("  " + line);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

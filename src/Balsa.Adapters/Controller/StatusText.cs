using System.Text;
using System.Text.Json;
using Balsa.Adapters.Multicast;
using Balsa.Adapters.Nodes;
using Balsa.Raft;

namespace Balsa.Adapters.Controller;

/// <summary>The value of an answer to STATUS: six fields of the course, and behind them what Raft's figure has beside.</summary>
internal static class StatusText
{
    /// <summary>Of the list, the newest; fewer where a datagram is small.</summary>
    internal const int EntriesMax = 20;

    /// <summary>For what stands around the value.</summary>
    private const int RoomForFields = 320;

    internal static string Of(NodeReport report, StoredPage? newest, DialectOptions options)
    {
        var entries = newest?.Entries ?? [];
        var room = options.DatagramBytesMax - RoomForFields;
        while (true)
        {
            var text = Write(report, entries, newest?.Count, options);
            if (entries.Count == 0 || Encoding.UTF8.GetByteCount(text) <= room) return text;
            entries = [.. entries.Skip(Math.Max(1, entries.Count / 2))];
        }
    }

    private static string Write(NodeReport report, IReadOnlyList<StoredEntry> entries, long? count, DialectOptions options)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("term", report.Term);
            writer.WriteString("votedFor", report.VotedFor is { } voted ? DialectNames.ToController(voted) : "");
            writer.WriteString("state", Letter(report));
            writer.WriteStartArray("log");
            if (options.DummyEntry && (count ?? 0) == entries.Count) writer.WriteRawValue(MulticastForm.DummyOf(options.EntryKeys));
            foreach (var entry in entries) writer.WriteRawValue(ReplyForm.EntryOf(options.EntryKeys, entry), skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteNumber("timeout", report.ElectionTimeout.TotalSeconds);
            writer.WriteNumber("heartbeat_interval", report.HeartbeatInterval.TotalSeconds);
            writer.WriteString("role", RoleOf(report));
            if (report.Leader is { } leader) writer.WriteString("leader", DialectNames.ToController(leader));
            else writer.WriteNull("leader");
            writer.WriteNumber("votes", report.Votes);
            writer.WriteNumber("commit_index", report.Commit);
            writer.WriteNumber("last_applied", report.Applied);
            if (count is { } length) writer.WriteNumber("log_length", length);
            WritePeers(writer, report);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WritePeers(Utf8JsonWriter writer, NodeReport report)
    {
        writer.WriteStartArray("members");
        foreach (var member in report.Members) writer.WriteStringValue(DialectNames.ToController(member.Name));
        writer.WriteEndArray();
        // The leader's own log is as long as it is; what it knows of the others is a matter of their answers.
        var others = report.Members.Where(member => report.Leads && !DialectNames.Match(member.Name, report.Name)).ToList();
        Write(writer, "next_index", others, member => member.Next);
        Write(writer, "match_index", others, member => member.Match);
        if (report.Leads) Write(writer, "last_contact_ms", others, member => member.SilentMs ?? -1);
        else if (report.LeaderSilentMs is { } silent) writer.WriteNumber("last_contact_ms", silent);
        else writer.WriteNull("last_contact_ms");
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<MemberReport> members, Func<MemberReport, double> number)
    {
        writer.WriteStartObject(name);
        foreach (var member in members) writer.WriteNumber(DialectNames.ToController(member.Name), number(member));
        writer.WriteEndObject();
    }

    private static string Letter(NodeReport report) => report.PlaysDead ? "d" : report.Role switch
    {
        Role.Leader => "l",
        Role.Candidate or Role.PreCandidate => "c",
        _ => "f",
    };

    private static string RoleOf(NodeReport report) => report.PlaysDead ? "dead" : report.Role switch
    {
        Role.Leader => "leader",
        Role.Candidate or Role.PreCandidate => "candidate",
        _ => "follower",
    };
}

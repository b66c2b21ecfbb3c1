using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Balsa.Cli.CommandLine;
using Balsa.Raft.Identity;
using Balsa.Raft;
using Balsa.Server;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Wal;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>The flags of `balsa server`, and what is wrong with them if something is.</summary>
internal sealed class ServerFlags
{
    private readonly Option<string?> _name =
        new("--name") { Description = "The member's name; must be the one in --members.", HelpName = "NAME" };
    private readonly Option<ulong> _id = new("--id") { Description = "The member's id.", Required = true, HelpName = "N" };
    private readonly Option<string> _cluster =
        new("--cluster") { Description = "The cluster's id, in hexadecimal; the same everywhere.", Required = true, HelpName = "HEX" };
    private readonly Option<string> _dataDir =
        new("--data-dir") { Description = "Where the member keeps its data; made if missing.", Required = true, HelpName = "DIR" };
    private readonly Option<string> _listenPeer =
        new("--listen-peer") { Description = "Where other members call.", Required = true, HelpName = "IP:PORT" };
    private readonly Option<string> _listenClient =
        new("--listen-client") { Description = "Where clients call.", Required = true, HelpName = "IP:PORT" };
    private readonly Option<string> _members =
        new("--members") { Description = $"All members, separated by commas: {MemberAddress.Form}.", Required = true, HelpName = "LIST" };
    private readonly Option<TimeSpan> _heartbeat =
        Duration.Option("--heartbeat-interval", "How often a leader shows that it is alive.", TimeSpan.FromMilliseconds(50));
    private readonly Option<TimeSpan> _election = Duration.Option(
        "--election-timeout", "Without a leader for this long, up to twice, a member stands for election.", TimeSpan.FromMilliseconds(300));

    private readonly Option<int> _segment = new("--wal-segment-bytes")
    {
        Description = "Size of one file of the log; room for it is taken before it is needed.", HelpName = "N",
        DefaultValueFactory = _ => new WalOptions().SegmentBytes,
    };

    private readonly Option<ulong?> _snapshotCount = new("--snapshot-count")
    {
        Description = "Make a snapshot after so many entries, whatever it costs. By default the growth of the log decides.",
        HelpName = "N",
    };

    internal Option<bool> StopWithParent { get; } =
        new("--stop-with-parent") { Description = "Stop when standard input ends.", Hidden = true };

    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { _name, _id, _cluster, _dataDir, _listenPeer, _listenClient, _members, _heartbeat, _election,
            _segment, _snapshotCount, StopWithParent })
            command.Options.Add(option);
    }

    internal Problem? Problem(ParseResult parsed)
    {
        const string help = "balsa server --help";
        if (!IsHex(parsed.GetValue(_cluster), out _))
            return new Problem("--cluster is no id.", "It is a hexadecimal number above 0, such as c0ffee.", help);
        if (parsed.GetValue(_snapshotCount) is < 10)
            return new Problem("--snapshot-count is too small.", "A snapshot after fewer than 10 entries costs more than it saves.", help);
        foreach (var option in new[] { _listenPeer, _listenClient })
            if (!IPEndPoint.TryParse(parsed.GetValue(option) ?? "", out var address) || address.Port == 0)
                return new Problem($"{option.Name} is no address.", "It is an IP address and a port, such as 127.0.0.1:2379.", help);
        if (SegmentProblem(parsed.GetValue(_segment)) is { } why) return new Problem("--wal-segment-bytes cannot work.", why, help);
        var self = default(MemberAddress);
        foreach (var text in (parsed.GetValue(_members) ?? "").Split(','))
        {
            if (!MemberAddress.TryParse(text, out var member))
                return new Problem($"--members holds \"{text}\", which is no member.", $"A member is written {MemberAddress.Form}.", help);
            if (member.Id.Value == parsed.GetValue(_id)) self = member;
        }

        if (self is null)
            return new Problem($"--members does not hold --id {parsed.GetValue(_id)}.", "A node must be one of the members it is told of.",
                help);
        return parsed.GetValue(_name) is { } name && name != self.Name
            ? new Problem($"--name is {name}, and --members calls member {self.Id.Value} {self.Name}.", "Both must name the same member.",
                help)
            : null;
    }

    internal NodeOptions Read(ParseResult parsed)
    {
        IsHex(parsed.GetValue(_cluster), out var cluster);
        var members = parsed.GetRequiredValue(_members).Split(',').Select(text =>
            MemberAddress.TryParse(text, out var member) ? member : null);
        return new NodeOptions
        {
            Cluster = cluster, Id = new MemberId(parsed.GetValue(_id)), DataDirectory = parsed.GetRequiredValue(_dataDir),
            ListenPeer = IPEndPoint.Parse(parsed.GetRequiredValue(_listenPeer)),
            ListenClient = IPEndPoint.Parse(parsed.GetRequiredValue(_listenClient)),
            Members = [.. members.OfType<MemberAddress>()],
            HeartbeatInterval = parsed.GetValue(_heartbeat), ElectionTimeout = parsed.GetValue(_election),
            Wal = new WalOptions { SegmentBytes = parsed.GetValue(_segment) },
            Retention = new RetentionOptions { SnapshotCount = parsed.GetValue(_snapshotCount) },
        };
    }

    private static string? SegmentProblem(int bytes)
    {
        const int needed = RaftOptions.EntryBytesByDefault;
        try
        {
            var wal = new WalOptions { SegmentBytes = bytes }.Validated();
            return wal.RecordBytesMax > 2 * needed ? null : $"An entry may have {needed} bytes; {4 * needed} are enough for it.";
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            return wrong.Message;
        }
    }

    private static bool IsHex(string? text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value > 0;
}

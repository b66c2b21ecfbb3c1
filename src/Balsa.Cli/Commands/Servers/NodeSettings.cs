using System.Globalization;
using System.Net;
using Balsa.Cli.CommandLine;
using Balsa.Node.Founding;
using Balsa.Raft;
using Balsa.Server;
using Balsa.Server.Compaction;
using Balsa.Server.Logs;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Wal;
using Balsa.Transport.Tcp;

namespace Balsa.Cli.Commands.Servers;

/// <summary>From texts to what a node is started with, or to the reason why that cannot be.</summary>
internal sealed class NodeSettings(IReadOnlyDictionary<string, string> values)
{
    /// <exception cref="SettingException">What is wrong with which setting.</exception>
    internal NodeOptions Read()
    {
        OnlyTrue(SettingTable.Strict);
        OnlyTrue(SettingTable.PreVote);
        var heartbeat = Time(SettingTable.Heartbeat, TimeSpan.FromMilliseconds(50));
        var election = Time(SettingTable.Election, TimeSpan.FromMilliseconds(300));
        if (election < 3 * heartbeat || election > TimeSpan.FromSeconds(50))
        {
            throw new SettingException(
                $"--{SettingTable.Election} {election.TotalMilliseconds:0} ms does not go with --{SettingTable.Heartbeat} "
                + $"{heartbeat.TotalMilliseconds:0} ms.",
                "It must be at least three times as long, or one late heartbeat is an election, and at most 50 s.");
        }

        var founding = Founding();
        return new NodeOptions
        {
            Founding = founding, DataDirectory = Text(SettingTable.DataDir, $"{founding.Name}.balsa"),
            ListenPeer = Listen(SettingTable.ListenPeer, 2380), ListenClient = Listen(SettingTable.ListenClient, 2379),
            AutoReplaceWiped = IsOn(SettingTable.AutoReplace),
            HeartbeatInterval = heartbeat, ElectionTimeout = election, Wal = new WalOptions { SegmentBytes = Segment() },
            Retention = new RetentionOptions { SnapshotCount = SnapshotCount() }, QuotaBytes = Quota(),
            Compaction = Compaction(), LeaseReads = values.ContainsKey(SettingTable.LeaseReads) ? IsOn(SettingTable.LeaseReads) : null,
        };
    }

    private FoundingOptions Founding()
    {
        var name = Text(SettingTable.Name, "default");
        if (name.AsSpan().IndexOfAny(",= \t") >= 0)
            throw new SettingException($"--{SettingTable.Name} \"{name}\" is no name.",
                "A name has no comma, no equals sign and no space in it.");
        var peerUrls = Advertised(SettingTable.AdvertisePeer, SettingTable.ListenPeer, 2380);
        var list = Text(SettingTable.Cluster, string.Join(',', peerUrls.Split(',').Select(url => $"{name}={url}")));
        var peers = FoundingPeers.TryParse(list, out var problem)
            ?? throw new SettingException($"--{SettingTable.Cluster} cannot be understood.", problem);
        CheckSelf(peers, name, peerUrls);
        var state = Text(SettingTable.State, "new");
        if (state is not ("new" or "existing"))
            throw new SettingException($"--{SettingTable.State} cannot be \"{state}\".", "It is new or existing.");
        var without = Text(SettingTable.Without, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var one in without)
            if (one == name || peers.Find(one) is null)
                throw new SettingException($"--{SettingTable.Without} names {one}.",
                    $"It must be another node of --{SettingTable.Cluster}: {peers}.");
        return new FoundingOptions
        {
            Name = name, PeerUrls = peerUrls, ClientUrls = Advertised(SettingTable.AdvertiseClient, SettingTable.ListenClient, 2379),
            Peers = peers, Token = Text(SettingTable.Token, "etcd-cluster"), Without = without, MayFound = state == "new",
        };
    }

    private static void CheckSelf(FoundingPeers peers, string name, string peerUrls)
    {
        if (peers.Find(name) is not { } self)
        {
            throw new SettingException(
                $"--{SettingTable.Cluster} does not name {name}, which is the --{SettingTable.Name} of this node.", $"It names {peers}.");
        }

        if (FoundingPeer.Meet(self.Urls, peerUrls)) return;
        throw new SettingException(
            $"--{SettingTable.Cluster} has {name} at {self.Urls}, and --{SettingTable.AdvertisePeer} says {peerUrls}.",
            "Both say where the others reach this node, so they must be the same.");
    }

    private string Advertised(string name, string listen, int port)
    {
        if (values.TryGetValue(name, out var given))
        {
            foreach (var url in given.Split(',')) RefuseTls(name, url);
            if (!PeerUrls.TryParse(given, out _, out var problem)) throw new SettingException($"--{name} cannot be understood.", problem);
            return string.Join(',', given.Split(',').Select(url => url.Trim().TrimEnd('/')));
        }

        var address = Listen(listen, port);
        if (address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any))
            throw new SettingException($"--{name} is missing.",
                $"With --{listen} on all addresses nobody knows where this node is reached.");
        return $"http://{address}";
    }

    private IPEndPoint Listen(string name, int port)
    {
        var text = Text(name, $"http://127.0.0.1:{port}");
        RefuseTls(name, text);
        if (text.Contains(',', StringComparison.Ordinal))
            throw new SettingException($"--{name} has more than one address.",
                "A node listens on one; http://0.0.0.0:PORT is all of the machine.");
        if (PeerUrls.TryParse(text, out var found, out var problem))
        {
            if (found[0] is IPEndPoint address) return address;
            if (found[0] is DnsEndPoint { Host: "localhost" } local) return new IPEndPoint(IPAddress.Loopback, local.Port);
            problem = $"\"{text}\" names a host. Where to listen is an IP address of this machine, such as http://10.0.0.1:{port}.";
        }

        throw new SettingException($"--{name} cannot be understood.", problem);
    }

    private static void RefuseTls(string name, string url)
    {
        if (url.TrimStart().StartsWith("https:", StringComparison.Ordinal))
            throw new SettingException($"--{name} asks for https.", SettingTable.Refused["cert-file"]);
    }

    private TimeSpan Time(string name, TimeSpan otherwise)
    {
        if (!values.TryGetValue(name, out var text)) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0)
            return TimeSpan.FromMilliseconds(milliseconds);
        return Duration.TryParse(text, out var time) && !char.IsAsciiDigit(text[^1]) ? time
            : throw new SettingException($"--{name} cannot be \"{text}\".",
                "Write 100ms or 1s; a bare number is milliseconds, as in etcd.");
    }

    private int Segment()
    {
        const int needed = RaftOptions.EntryBytesByDefault;
        if (!values.TryGetValue(SettingTable.Segment, out var text)) return new WalOptions().SegmentBytes;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            throw new SettingException($"--{SettingTable.Segment} cannot be \"{text}\".", "It needs a whole number of bytes.");
        try
        {
            if (new WalOptions { SegmentBytes = bytes }.Validated().RecordBytesMax > 2 * needed) return bytes;
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw new SettingException($"--{SettingTable.Segment} cannot work.", wrong.Message);
        }

        throw new SettingException($"--{SettingTable.Segment} cannot work.",
            $"An entry may have {needed} bytes; {4 * needed} are enough for it.");
    }

    private ulong? SnapshotCount()
    {
        if (!values.TryGetValue(SettingTable.SnapshotCount, out var text)) return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 10 ? count
            : throw new SettingException(
                $"--{SettingTable.SnapshotCount} cannot be \"{text}\".",
                "It needs a whole number; a snapshot after fewer than 10 entries costs more than it saves.");
    }

    private long Quota()
    {
        if (!values.TryGetValue(SettingTable.Quota, out var text)) return 0;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bytes) ? bytes
            : throw new SettingException($"--{SettingTable.Quota} cannot be \"{text}\".", "It needs a whole number of bytes.");
    }

    private AutoCompaction Compaction()
    {
        var (mode, retention) = (Text(SettingTable.CompactionMode, "periodic"), Text(SettingTable.CompactionRetention, "0"));
        if (AutoCompaction.TryParse(mode, retention, out var problem) is { } compaction) return compaction;
        var isMode = mode is not ("periodic" or "revision");
        throw new SettingException(
            isMode ? $"--{SettingTable.CompactionMode} cannot be \"{mode}\"." : $"--{SettingTable.CompactionRetention} cannot be \"{retention}\".",
            problem);
    }

    /// <summary>How the node tells what happens.</summary>
    internal LogSettings Log()
    {
        var (level, format) = (Text(SettingTable.LogLevel, "info"), Text(SettingTable.LogFormat, "console"));
        if (!Enum.TryParse<LogLevel>(level, ignoreCase: true, out var least) || char.IsAsciiDigit(level[0]))
            throw new SettingException($"--{SettingTable.LogLevel} cannot be \"{level}\".", "It is debug, info, warn or error.");
        if (format is not ("console" or "json"))
            throw new SettingException($"--{SettingTable.LogFormat} cannot be \"{format}\".", "It is console or json.");
        var outputs = Text(SettingTable.LogOutputs, "stderr").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (outputs.Length == 0)
            throw new SettingException($"--{SettingTable.LogOutputs} is empty.", "It is stderr, stdout, or names of files.");
        // etcd's word for its own default.
        outputs = [.. outputs.Select(output => output == "default" ? "stderr" : output).Distinct(StringComparer.Ordinal)];
        return new LogSettings(Text(SettingTable.Name, "default"), least, format == "json", outputs);
    }

    private void OnlyTrue(string name)
    {
        if (values.TryGetValue(name, out var text) && text != "true")
            throw new SettingException($"--{name} cannot be \"{text}\".",
                "It is always on: what it guards against is never what one wants.");
    }

    private bool IsOn(string name) => Text(name, "false") switch
    {
        "true" => true,
        "false" => false,
        var text => throw new SettingException($"--{name} cannot be \"{text}\".", "It is true or false."),
    };

    private string Text(string name, string otherwise) => values.GetValueOrDefault(name, otherwise);
}

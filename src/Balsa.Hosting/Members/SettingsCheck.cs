using System.Net;
using Balsa.Hosting.Errors;
using Balsa.Transport.Tcp;

namespace Balsa.Hosting.Members;

/// <summary>Everything that is wrong with settings, at once: what, why, and what to write instead.</summary>
internal static class SettingsCheck
{
    private const string Example = """for example "Peers": { "n1": "10.0.0.1:5001", "n2": "10.0.0.2:5001", "n3": "10.0.0.3:5001" }""";

    internal static IReadOnlyList<string> Problems(RaftSettings settings)
    {
        var problems = new List<string>();
        CheckNames(settings, problems);
        CheckAddresses(settings, problems);
        CheckTimes(settings, problems);
        if (settings.SnapshotEvery == 0)
            problems.Add("SnapshotEvery is 0: a snapshot after no entry makes no sense. Leave it out, or write for example 10000.");
        if (settings.SegmentBytes is < (4 << 20) or > (1 << 30) || settings.SegmentBytes % 4096 != 0)
        {
            problems.Add($"SegmentBytes is {settings.SegmentBytes}: it must be a multiple of 4096 from 4194304 (4 MiB), so that the "
                + "largest entry fits, to 1073741824 (1 GiB).");
        }

        return problems;
    }

    internal static void ThrowIfWrong(RaftSettings settings)
    {
        var problems = Problems(settings);
        if (problems.Count > 0) throw new ImpossibleSettingsException(string.Join(Environment.NewLine, problems));
    }

    private static void CheckNames(RaftSettings settings, List<string> problems)
    {
        if (settings.Peers.Count == 0)
        {
            problems.Add($"Peers is empty: every member must know all members, itself among them. Write {Example}.");
        }
        else if (settings.NodeId.Length == 0)
        {
            problems.Add($"NodeId is missing: it says which of the peers this process is. Write one of {Names(settings)}.");
        }
        else if (!settings.Peers.ContainsKey(settings.NodeId))
        {
            problems.Add($"NodeId is \"{settings.NodeId}\", and Peers has no such name. "
                + $"Write one of {Names(settings)}, or add it to Peers.");
        }

        if (settings.Peers.Count > 64)
            problems.Add($"Peers has {settings.Peers.Count} members: a cluster has at most 64, and 3 or 5 are usual.");
        if (string.IsNullOrWhiteSpace(settings.DataDirectory))
            problems.Add("DataDirectory is missing: log and snapshots must outlive the process. Write for example \"data/n1\".");
        if (string.IsNullOrWhiteSpace(settings.Cluster))
            problems.Add("Cluster is empty: its name keeps members of two clusters apart. Leave it out, or write for example \"shop\".");
    }

    private static void CheckAddresses(RaftSettings settings, List<string> problems)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, address) in settings.Peers.OrderBy(peer => peer.Key, StringComparer.Ordinal))
        {
            if (!PeerUrls.TryParse(address ?? "", out _, out var problem)) problems.Add($"Peers:{name}: {problem}");
            else if (!taken.TryAdd(address!, name))
                problems.Add($"Peers:{name} is \"{address}\", and so is Peers:{taken[address!]}. Each member needs an address of its own.");
        }

        if (settings.Listen is { } listen)
        {
            if (!IPEndPoint.TryParse(listen, out var parsed) || parsed.Port == 0)
                problems.Add($"Listen is \"{listen}\", which is no address with a port. Write for example 0.0.0.0:5001.");
        }
        else if (settings.Peers.TryGetValue(settings.NodeId, out var own) && PeerUrls.TryParse(own ?? "", out _, out _)
            && PeerAddresses.ListenOf(settings) is null)
        {
            problems.Add($"Listen is missing, and Peers:{settings.NodeId} is \"{own}\", a name that may stand for several addresses. "
                + "Write where this process should listen, for example 0.0.0.0:5001.");
        }
    }

    private static void CheckTimes(RaftSettings settings, List<string> problems)
    {
        if (settings.ElectionTimeout < TimeSpan.FromMilliseconds(10) || settings.ElectionTimeout > TimeSpan.FromMinutes(10))
        {
            problems.Add($"ElectionTimeout is {settings.ElectionTimeout}: it must be from 10 ms to 10 minutes. "
                + "Write for example \"00:00:00.300\".");
        }
        else if (settings.Heartbeat <= TimeSpan.Zero || settings.ElectionTimeout < 3 * settings.Heartbeat)
        {
            problems.Add($"HeartbeatInterval is {settings.Heartbeat} and ElectionTimeout is {settings.ElectionTimeout}: a third of it at "
                + "most, or one lost heartbeat costs an election. Leave HeartbeatInterval out to have a sixth.");
        }

        if (settings.RequestTimeout < TimeSpan.FromMilliseconds(100) || settings.RequestTimeout > TimeSpan.FromMinutes(5))
        {
            problems.Add($"RequestTimeout is {settings.RequestTimeout}: it must be from 100 ms to 5 minutes. "
                + "Write for example \"00:00:10\".");
        }
    }

    private static string Names(RaftSettings settings) => string.Join(", ", settings.Peers.Keys.Order(StringComparer.Ordinal));
}

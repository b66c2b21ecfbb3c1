using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.Dev;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Chaos;

/// <summary>What a campaign of full disks found.</summary>
internal sealed class DiskFullReport
{
    internal const double ResumeMsMax = 2000;

    internal int Rounds { get; set; }

    internal int Acknowledged { get; set; }

    /// <summary>Writes that were answered with "the disk is full", and so certainly not done.</summary>
    internal int Refused { get; set; }

    /// <summary>Writes and reads that were answered in another way than they should, each with a line that says how.</summary>
    internal int Wrong { get; set; }

    internal int Lost { get; set; }

    /// <summary>From the moment that there was room again to the first write that was done, for each round.</summary>
    internal List<double> ResumedMs { get; } = [];

    internal bool Holds => Lost == 0 && Wrong == 0 && ResumedMs.Count == Rounds && ResumedMs.All(time => time <= ResumeMsMax);
}

/// <summary>
/// Lets the disk of a running node become full, looks how it behaves, makes room, and looks whether it goes on by itself
/// and has forgotten nothing.
/// </summary>
internal sealed class FullDisks(SmallDisk disk, Random dice, Action<string> note)
{
    private const int ValueBytes = 96 << 10, SegmentBytes = 6 << 20, FullMsMax = 1200, RefusalsWanted = 3, Writers = 128;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, byte[]> _acknowledged = new(StringComparer.Ordinal);
    private int _keys;

    internal DiskFullReport Report { get; } = new();

    /// <exception cref="DevException">The node does not start.</exception>
    /// <exception cref="ChaosException">The round could not be carried out.</exception>
    internal async Task RoundAsync(CancellationToken stop)
    {
        _acknowledged.Clear();
        var directory = Path.Combine(disk.Root, $"data-{Report.Rounds}");
        var plan = DevPlan.Make(nodes: 1, directory, basePort: null) with { SegmentBytes = SegmentBytes };
        await using (var cluster = new DevCluster(plan))
        {
            await cluster.StartAsync();
            await cluster.WaitForLeaderAsync();
            var pid = cluster.Nodes[0].Pid;
            using var client = new ClusterClient(cluster.Endpoints);
            await FillAsync(client, cluster, stop);
            await LookWhileFullAsync(client, cluster, stop);
            await MakeRoomAsync(client, stop);
            if (cluster.Nodes[0].Pid != pid) Complain($"process {pid} is gone: a full disk must not end a node");
            await cluster.Nodes[0].KillAsync();
            await cluster.StartAsync();
            await cluster.WaitForLeaderAsync();
            await CompareAsync(client);
        }

        Directory.Delete(directory, recursive: true);
        Report.Rounds++;
    }

    private async Task FillAsync(ClusterClient client, DevCluster cluster, CancellationToken stop)
    {
        for (var i = dice.Next(10); i >= 0; i--) await WriteAsync(client);
        disk.Fill();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteUntilRefusedAsync(cluster, stop)));
    }

    /// <summary>One of many at once: what is under way when the room runs out must still find its place.</summary>
    private async Task WriteUntilRefusedAsync(DevCluster cluster, CancellationToken stop)
    {
        using var client = new ClusterClient(cluster.Endpoints);
        var started = Stopwatch.GetTimestamp();
        while (await WriteAsync(client) && !stop.IsCancellationRequested)
            if (Stopwatch.GetElapsedTime(started) > LongestStep) throw new ChaosException("the disk is full, and writes still go through");
    }

    /// <summary>Reads and status are answered, and writes are refused each time.</summary>
    private async Task LookWhileFullAsync(ClusterClient client, DevCluster cluster, CancellationToken stop)
    {
        for (var i = 0; i < RefusalsWanted && !stop.IsCancellationRequested; i++)
        {
            stop.WaitHandle.WaitOne(dice.Next(FullMsMax / RefusalsWanted));
            if (await WriteAsync(client)) Complain("a write was taken while the disk was full");
            await ReadAsync(client, _acknowledged.ElementAt(dice.Next(_acknowledged.Count)));
            if ((await cluster.LookAsync()).Leader is null) Complain("the status shows no leader while the disk is full");
        }
    }

    private async Task MakeRoomAsync(ClusterClient client, CancellationToken stop)
    {
        disk.MakeRoom();
        var started = Stopwatch.GetTimestamp();
        while (!await WriteAsync(client) && !stop.IsCancellationRequested)
            if (Stopwatch.GetElapsedTime(started) > LongestStep) throw new ChaosException("there is room, and writes are still refused");
        Report.ResumedMs.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>True when it was done, false when it was refused because the disk is full. Anything else is wrong.</summary>
    private async Task<bool> WriteAsync(ClusterClient client)
    {
        var key = $"key-{Interlocked.Increment(ref _keys)}";
        var value = Encoding.ASCII.GetBytes(key.PadRight(ValueBytes, '.'));
        var request = new ClientRequest { Op = ClientOperation.Put, Key = Encoding.ASCII.GetBytes(key), Value = value };
        var response = await client.AskAsync(request, LongestAnswer);
        if (response?.Outcome == ClientOutcome.Done)
        {
            _acknowledged[key] = value;
            lock (Report) Report.Acknowledged++;
            return true;
        }

        if (response is not { Outcome: ClientOutcome.NotDone, Code: ClientError.DiskFull })
            Complain($"{key} was answered with {response?.Code} {response?.Message}");
        else lock (Report) Report.Refused++;
        return false;
    }

    private async Task CompareAsync(ClusterClient client)
    {
        foreach (var written in _acknowledged)
            if (!await ReadAsync(client, written)) Report.Lost++;
    }

    private async Task<bool> ReadAsync(ClusterClient client, KeyValuePair<string, byte[]> written)
    {
        var request = new ClientRequest { Op = ClientOperation.Get, Key = Encoding.ASCII.GetBytes(written.Key) };
        var response = await client.AskAsync(request, LongestAnswer);
        if (response?.Values is [{ Value: { } found }] && found.AsSpan().SequenceEqual(written.Value)) return true;
        Complain($"{written.Key} was acknowledged, and a read says {response?.Outcome} {response?.Code} {response?.Message}");
        return false;
    }

    private void Complain(string what)
    {
        lock (Report) Report.Wrong++;
        note(what);
    }
}

using System.Collections.Concurrent;
using System.Net;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>Clients that keep a cluster busy from the first round to the last, and remember everything.</summary>
internal sealed class Workload : IAsyncDisposable
{
    private const int HotClients = 4, HotKeys = 4, Probers = 3, ProbePauseMs = 3;

    /// <summary>Longer than any fault lasts: a client gives up only when something is wrong.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestStaleRead = TimeSpan.FromMilliseconds(250);

    private readonly IReadOnlyList<IPEndPoint> _endpoints;
    private readonly long _clockStart;
    private readonly HarmKind _harm;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<RecordingClient> _clients = [];
    private readonly ConcurrentQueue<(long Begin, long End)> _probes = [];
    private Task _running = Task.CompletedTask;
    private volatile int _round;

    internal Workload(IReadOnlyList<IPEndPoint> endpoints, long clockStart, HarmKind harm) =>
        (_endpoints, _clockStart, _harm) = (endpoints, clockStart, harm);

    internal Ledger Ledger { get; } = new();

    internal UniqueKeys Keys { get; } = new();

    internal bool NotesStaleReads => _harm != HarmKind.StaleReads;

    /// <summary>Hot keys change with the round, so that the history of each stays short.</summary>
    internal int Round
    {
        get => _round;
        set => _round = value;
    }

    internal void Start(Random dice)
    {
        var running = new List<Task>();
        for (var i = 0; i < HotClients; i++) running.Add(RunHotAsync(NewClient($"hot-{i}", From(i)), new Random(dice.Next())));
        for (var i = 0; i < Probers; i++) running.Add(ProbeAsync(NewClient($"probe-{i}", From(i))));
        for (var i = 0; i < 2; i++) running.Add(RunLedgerAsync(NewClient($"ledger-{i}", From(i))));
        running.Add(RunStaleAsync("stale", new Random(dice.Next())));
        _running = Task.WhenAll(running);
    }

    internal RecordingClient NewClient(string name, IReadOnlyList<IPEndPoint>? endpoints = null, TimeSpan? limit = null)
    {
        var client = new RecordingClient(name, endpoints ?? _endpoints, limit ?? LongestCall, _clockStart);
        _clients.Enqueue(client);
        return client;
    }

    /// <summary>From a moment to the first acknowledgement of a write that began after the fault; null when there is none yet.</summary>
    /// <param name="since">Just before the fault.</param>
    /// <param name="after">When it had surely taken effect: what began before may have been acknowledged before it.</param>
    internal double? UnavailableMs(long since, long after)
    {
        var first = long.MaxValue;
        foreach (var (begin, end) in _probes)
            if (begin >= after) first = Math.Min(first, end);
        return first == long.MaxValue ? null : (first - since) / 1000.0;
    }

    /// <summary>Called between rounds: older probes are of no use any more.</summary>
    internal void ForgetProbes() => _probes.Clear();

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    internal History History() => Recording.Together(_clients.Select(client => client.Recording));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }

    /// <summary>Each begins at another member.</summary>
    private IReadOnlyList<IPEndPoint> From(int number) =>
        [.. _endpoints.Skip(number % _endpoints.Count), .. _endpoints.Take(number % _endpoints.Count)];

    private async Task RunHotAsync(RecordingClient client, Random dice)
    {
        var last = 0L;
        for (var count = 0; !_stop.IsCancellationRequested; count++)
        {
            var key = $"hot/{Round}/{dice.Next(HotKeys)}";
            var value = $"{client.Name}:{count}";
            var told = dice.Next(10) switch
            {
                < 3 => await client.GetAsync(key),
                < 6 => await client.PutAsync(key, value),
                6 => await client.PutIfAsync(key, value, 0),
                7 => await client.PutIfAsync(key, value, last),
                8 => await client.DeleteAsync(key),
                _ => await client.ListAsync($"hot/{Round}/"),
            };
            if (told.Outcome == Outcome.Done) last = told.Modified is > 0 ? told.Modified.Value : told.Revision ?? last;
            if (count % 4 == 0) await Keys.WriteAsync(client);
        }
    }

    private async Task ProbeAsync(RecordingClient client)
    {
        while (!_stop.IsCancellationRequested)
        {
            var probe = await Keys.WriteAsync(client);
            if (probe.Outcome == Outcome.Done) _probes.Enqueue((probe.Begin, probe.End));
            // A rhythm, so that the cluster has time for others.
            await Task.Delay(ProbePauseMs);
        }
    }

    private async Task RunLedgerAsync(RecordingClient client)
    {
        for (var count = 0; !_stop.IsCancellationRequested; count++)
        {
            await Ledger.AddAsync(client, $"{client.Name}.{count}", _stop.Token);
            await Task.Delay(ProbePauseMs);
        }
    }

    /// <summary>Asks one member after the other for what it has.</summary>
    private async Task RunStaleAsync(string name, Random dice)
    {
        var clients = _endpoints.Select((endpoint, i) => NewClient($"{name}-{i}", [endpoint], LongestStaleRead)).ToList();
        while (!_stop.IsCancellationRequested)
        {
            await clients[dice.Next(clients.Count)].GetAsync($"hot/{Round}/{dice.Next(HotKeys)}", stale: true, isNoted: NotesStaleReads);
            await Task.Delay(ProbePauseMs);
        }
    }
}

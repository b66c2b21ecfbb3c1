using System.Net;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Dev.Faults;

/// <summary>A few clients that write and read all the time, so that a fault has somebody to hurt, and remember what was promised.</summary>
internal sealed class DevLoad(IReadOnlyList<IPEndPoint> endpoints) : IAsyncDisposable
{
    private const int Writers = 3, ListMax = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(3);
    private LoadLedger _ledger = new();
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public bool IsOn => _stop is not null;

    public void Start()
    {
        if (IsOn) return;
        _ledger = new LoadLedger();
        _stop = new CancellationTokenSource();
        var (ledger, stop) = (_ledger, _stop.Token);
        var clients = Enumerable.Range(0, Writers).Select(writer => WriteAsync(ledger, writer, stop)).ToList();
        clients.Add(ReadAsync(ledger, stop));
        clients.Add(RetireAsync(ledger, stop));
        _running = Task.WhenAll(clients);
    }

    /// <summary>Stops, looks for all that was acknowledged, and removes it from the store. Null when it was not possible to look.</summary>
    public async Task<LoadVerdict?> StopAsync()
    {
        if (_stop is null) return null;
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _stop = null;
        var verdict = await CheckAsync();
        using var client = NewClient(0);
        if (verdict is not null) await client.AskAsync(Remove(LoadLedger.Folder), LongestCall);
        return verdict;
    }

    /// <summary>Looks now for all that was acknowledged until now. Null when no majority answers.</summary>
    public async Task<LoadVerdict?> CheckAsync()
    {
        var ledger = _ledger;
        using var client = NewClient(0);
        foreach (var (generation, keys) in ledger.Copy())
            if (!await CheckAsync(ledger, client, generation, keys)) return null;
        return ledger.Verdict();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop is null) return;
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _stop = null;
    }

    private static async Task<bool> CheckAsync(LoadLedger ledger, ClusterClient client, int generation, IReadOnlySet<string> keys)
    {
        var list = new ClientRequest
        {
            Op = ClientOperation.List, IsPrefix = true, Key = Bytes(LoadLedger.PrefixOf(generation)), Limit = ListMax,
        };
        if (await client.AskAsync(list, LongestCall) is not { Outcome: ClientOutcome.Done, Values: { } values }) return false;
        var found = values.Select(value => Encoding.UTF8.GetString(value.Key)).ToHashSet();
        ledger.Lose(keys.Where(key => !found.Contains(key)));
        return true;
    }

    private async Task WriteAsync(LoadLedger ledger, int writer, CancellationToken stop)
    {
        using var client = NewClient(writer);
        while (!stop.IsCancellationRequested)
        {
            var key = ledger.NewKey();
            var put = new ClientRequest { Op = ClientOperation.Put, Key = Bytes(key), Value = Bytes(key) };
            if ((await client.AskAsync(put, LongestCall))?.Outcome == ClientOutcome.Done) ledger.Acknowledge(key);
            await PauseAsync(Pause, stop);
        }
    }

    private async Task ReadAsync(LoadLedger ledger, CancellationToken stop)
    {
        using var client = NewClient(Writers);
        while (!stop.IsCancellationRequested)
        {
            if (ledger.Any(Random.Shared) is { } key)
            {
                var read = await client.AskAsync(new ClientRequest { Op = ClientOperation.Get, Key = Bytes(key) }, LongestCall);
                if (read is { Outcome: ClientOutcome.Done, Existed: false }) ledger.Lose([key]);
            }

            await PauseAsync(Pause, stop);
        }
    }

    /// <summary>Keeps the store small however long the load runs.</summary>
    private async Task RetireAsync(LoadLedger ledger, CancellationToken stop)
    {
        using var client = NewClient(0);
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(TimeSpan.FromSeconds(1), stop);
            if (ledger.Oldest() is not { } oldest) continue;
            if (!await CheckAsync(ledger, client, oldest, ledger.Copy()[oldest])) continue;
            ledger.Retire(oldest);
            await client.AskAsync(Remove(LoadLedger.PrefixOf(oldest)), LongestCall);
        }
    }

    /// <summary>Each begins at another member.</summary>
    private ClusterClient NewClient(int number) => new(
        [.. endpoints.Skip(number % endpoints.Count), .. endpoints.Take(number % endpoints.Count)]) { UsesSession = true };

    private static async Task PauseAsync(TimeSpan time, CancellationToken stop)
    {
        await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ClientRequest Remove(string prefix) =>
        new() { Op = ClientOperation.Delete, IsPrefix = true, Key = Bytes(prefix) };

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Balsa.Bench.Measuring;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Chaos.Upkeep;

/// <summary>
/// Clients as users have them: each knows all addresses, sends its writes in a session and repeats what has no answer, for as long
/// as a command does. What then has not succeeded counts as failed, whether it is certain or unknown.
/// </summary>
internal sealed class UserLoad(IReadOnlyList<IPEndPoint> endpoints) : IAsyncDisposable
{
    private const int Writers = 8, Readers = 4, KeysAWriter = 100, FailuresTold = 5;

    /// <summary>What a command takes by default.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly Lock _gate = new();
    private readonly LatencyCounts _inPeace = new(), _meanwhile = new();
    private Task _running = Task.CompletedTask;
    private long _operations, _failed;
    private volatile bool _isDisturbed;

    /// <summary>An operator is at work: whatever is under way from now on was under way meanwhile.</summary>
    internal bool IsDisturbed
    {
        get => _isDisturbed;
        set => _isDisturbed = value;
    }

    internal long Operations => Interlocked.Read(ref _operations);

    internal long Failed => Interlocked.Read(ref _failed);

    /// <summary>What the first failures said.</summary>
    internal IReadOnlyCollection<string> Failures => _failures;

    internal void Start() => _running = Task.WhenAll(Enumerable.Range(0, Writers + Readers).Select(RunAsync));

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>The latency that this share of all calls did not exceed, in milliseconds.</summary>
    internal double MillisecondsAt(double share, bool meanwhile)
    {
        lock (_gate) return (meanwhile ? _meanwhile : _inPeace).At(share).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(int number)
    {
        var first = number % endpoints.Count;
        using var client = new ClusterClient([.. endpoints.Skip(first), .. endpoints.Take(first)]) { UsesSession = true };
        for (var count = 0; !_stop.IsCancellationRequested; count++)
        {
            var request = new ClientRequest
            {
                Op = number < Writers ? ClientOperation.Put : ClientOperation.Get,
                Key = Encoding.UTF8.GetBytes($"upkeep/{number % Writers}/{count % KeysAWriter}"),
                Value = Encoding.UTF8.GetBytes($"{count}"),
            };
            var (began, wasDisturbed) = (Stopwatch.GetTimestamp(), IsDisturbed);
            var response = await client.AskAsync(request, LongestCall);
            Note(request.Op, response, Stopwatch.GetElapsedTime(began), wasDisturbed || IsDisturbed);
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(string what, ClientResponse? response, TimeSpan took, bool meanwhile)
    {
        Interlocked.Increment(ref _operations);
        lock (_gate) (meanwhile ? _meanwhile : _inPeace).Add(took.Ticks);
        if (response?.Outcome == ClientOutcome.Done) return;
        if (Interlocked.Increment(ref _failed) > FailuresTold) return;
        _failures.Enqueue($"{what} after {took.TotalMilliseconds:F0} ms: {response?.Outcome ?? "nobody reached"} {response?.Code} "
            + response?.Message);
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Balsa.Cli.Harness;

/// <summary>
/// The course's workload: threads load keys, then put and get and compare. Without the pauses that one team needed between a put
/// and its get.
/// </summary>
internal sealed class KvsWorkload(HarnessCluster cluster, HarnessProgress progress, KvsTest test, Random random)
{
    private readonly int[] _keys = Shuffled(test.NumKeys, 0, random), _loadValues = Shuffled(test.NumKeys, 0, random),
        _runValues = Shuffled(test.NumKeys, test.NumKeys, random);

    private readonly SemaphoreSlim[] _keyLocks = [.. Enumerable.Range(0, test.KeyRangeDuplication).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly int[] _keyValues = new int[test.KeyRangeDuplication];
    private int _done;

    /// <summary>Requests carried out in the second phase so far.</summary>
    internal int Done => Volatile.Read(ref _done);

    /// <param name="changes">What happens to servers meanwhile; requests go on until it is over. Null for nothing.</param>
    internal async Task RunAsync(Func<KvsWorkload, Task>? changes = null)
    {
        var clock = Stopwatch.StartNew();
        await EachThreadAsync(LoadDatasetAsync);
        progress.Line(Rate("Load", test.NumKeys, clock));
        clock.Restart();
        var changing = changes?.Invoke(this) ?? Task.CompletedTask;
        await EachThreadAsync(thread => RunWorkloadAsync(thread, changing));
        await changing;
        progress.Line(Rate("Run", Math.Max(test.NumRequests, Done), clock));
    }

    /// <summary>Returns when so many requests of the second phase were carried out.</summary>
    internal async Task ReachAsync(int requests)
    {
        while (Done < requests) await Task.Delay(TimeSpan.FromMilliseconds(10));
    }

    private Task EachThreadAsync(Func<int, Task> work) =>
        Task.WhenAll(Enumerable.Range(0, test.NumThreads).Select(thread => Task.Run(() => work(thread))));

    private async Task LoadDatasetAsync(int thread)
    {
        var share = test.NumKeys / test.NumThreads;
        for (var i = share * thread; i < share * (thread + 1); i++)
        {
            if (await cluster.Client(thread).PutAsync(HarnessClient.Text(_keys[i]), HarnessClient.Text(_loadValues[i]))) continue;
            progress.Failure($"[Error in thread {thread}] put request fail, key = {_keys[i]}, val = {_loadValues[i]}");
            return;
        }
    }

    private async Task RunWorkloadAsync(int thread, Task changing)
    {
        var share = test.NumKeys / test.NumThreads;
        var (requests, first) = (test.NumRequests / test.NumThreads, share * thread);
        var isPut = Mixture();
        for (var count = 0; count < requests || !changing.IsCompleted;)
        {
            var i = first + count % share;
            if (!test.TestConsistency) await MixedAsync(thread, i, isPut[i % isPut.Length]);
            else if (test.KeyRangeDuplication > 0) await SharedAsync(thread);
            else await OwnAsync(thread, first + Draw(share));
            count++;
            Interlocked.Increment(ref _done);
            if (thread == 0) progress.Line($"Request count = {count}");
        }
    }

    private Task OwnAsync(int thread, int i) => PutAndCompareAsync(thread, _keys[i], Draw(1_000_000));

    private async Task SharedAsync(int thread)
    {
        var i = Draw(test.KeyRangeDuplication);
        await _keyLocks[i].WaitAsync();
        try
        {
            await PutAndCompareAsync(thread, _keys[i], ++_keyValues[i]);
        }
        finally
        {
            _keyLocks[i].Release();
        }
    }

    private async Task PutAndCompareAsync(int thread, int key, int value)
    {
        if (await cluster.Client(thread).PutAsync(HarnessClient.Text(key), HarnessClient.Text(value)))
        {
            await CompareAsync(thread, key, value);
            return;
        }

        progress.Failure($"[Error in thread {thread}] Put request failed, key = {key}, value = {value}");
    }

    private async Task MixedAsync(int thread, int i, bool isPut)
    {
        if (!isPut)
        {
            await CompareAsync(thread, _keys[i], _loadValues[i]);
            return;
        }

        if (await cluster.Client(thread).PutAsync(HarnessClient.Text(_keys[i]), HarnessClient.Text(_runValues[i]))) return;
        progress.Failure($"[Error in thread {thread}] Put request failed, key = {_keys[i]}, value = {_runValues[i]}");
    }

    private async Task CompareAsync(int thread, int key, int expected)
    {
        var found = await cluster.Client(thread).GetAsync(HarnessClient.Text(key));
        if (found is null) progress.Failure($"[Error in thread {thread}] Get request failed, key = {key}");
        else if (found != HarnessClient.Text(expected))
            progress.Failure($"[Error in thread {thread}] request = ({key}, {expected}), return = ({key}, {found})");
    }

    private bool[] Mixture()
    {
        var isPut = Enumerable.Range(0, 100).Select(i => i < test.PutRatio).ToArray();
        lock (random) random.Shuffle(isPut);
        return isPut;
    }

    private int Draw(int below)
    {
        lock (random) return random.Next(below);
    }

    private static int[] Shuffled(int count, int first, Random random)
    {
        var numbers = Enumerable.Range(first, count).ToArray();
        lock (random) random.Shuffle(numbers);
        return numbers;
    }

    private static string Rate(string phase, int operations, Stopwatch clock) => string.Create(
        CultureInfo.InvariantCulture, $"{phase} throughput = {operations / clock.Elapsed.TotalSeconds:F1} ops/sec");
}

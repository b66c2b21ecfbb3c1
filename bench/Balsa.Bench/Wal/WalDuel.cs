namespace Balsa.Bench.Wal;

/// <summary>The log beside the bare loop, for batches of one size. Times are medians in microseconds.</summary>
public sealed record WalDuelResult
{
    public required int Records { get; init; }

    public required double BytesPerBatch { get; init; }

    /// <summary>By the thread that appends, whatever for: growing tables and new segments are in it.</summary>
    public required double AllocatedPerBatch { get; init; }

    public required double AppendP50Us { get; init; }

    public required double SyncP50Us { get; init; }

    public required double BareP50Us { get; init; }

    /// <summary>With the hand-over to the log's thread: until that says that the batch is durable.</summary>
    public required double HandedOverP50Us { get; init; }

    /// <summary>With both hand-overs: until the caller runs again.</summary>
    public required double EndToEndP50Us { get; init; }

    /// <summary>The log's median over the bare loop's, for each pair of neighbouring blocks.</summary>
    public required BlockRatios Ratios { get; init; }

    /// <summary>The log's median of each block.</summary>
    public required IReadOnlyList<double> BlockP50Us { get; init; }

    public required int Rounds { get; init; }

    public required int Closes { get; init; }

    /// <summary>Neighbours are disturbed alike, so this is steadier than the ratio of the medians of the whole run.</summary>
    public double Ratio => Ratios.Median;
}

/// <summary>
/// Three contenders that take turns in one directory: the bare loop, the log driven by the caller, and the log behind its
/// thread. Whatever disturbs the machine disturbs all three.
/// </summary>
internal sealed class WalDuel : IDisposable
{
    private const int RoundsPerBlock = 50;

    /// <summary>Not measured, at the beginning of a block: what another contender left in caches and queues.</summary>
    private const int RoundsToSettle = 5;

    /// <summary>Before every block: the others have closed their logs, and the disk has finished with them.</summary>
    private const int PauseMs = 15;

    /// <summary>Enough for the optimised code to be there, and for tables to have their size.</summary>
    private const int BlocksToWarmUp = 8;
    private const int BytesPerRecord = 256;
    private const int SegmentBytes = 64 << 20;

    private readonly int _records;
    private readonly Stack<IDisposable> _open = new();
    private readonly BareLoop _bare;
    private readonly DrivenLog _driven;
    private readonly LaneLog _lane;
    private readonly RoundTimes _bareTimes = new(RoundsPerBlock), _times = new(RoundsPerBlock);
    private readonly RoundTimes _handedOver = new(RoundsPerBlock), _endToEnd = new(RoundsPerBlock);
    private long _bytes, _allocated;
    private int _closes;

    internal WalDuel(string directory, int records)
    {
        _records = records;
        try
        {
            var payload = new BenchRecords(BytesPerRecord, BytesPerRecord, kinds: 1);
            _driven = Opened(new DrivenLog(Path.Combine(directory, $"driven-{records}"), payload));
            _lane = Opened(new LaneLog(Path.Combine(directory, $"lane-{records}"), BytesPerRecord));
            // The bare loop writes as much as the log: measured, not computed.
            var before = _driven.BytesWritten;
            _driven.Append(records, times: null);
            var bytes = (int)(_driven.BytesWritten - before);
            _bare = Opened(new BareLoop(Path.Combine(directory, $"bare-{records}"), bytes, SegmentBytes));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal void WarmUp(CancellationToken stop)
    {
        for (var i = 0; i < BlocksToWarmUp * RoundsPerBlock; i++)
        {
            stop.ThrowIfCancellationRequested();
            _bare.Round(times: null);
            _driven.Append(_records, times: null);
            _lane.Append(_records, durable: null, answered: null);
        }

        _driven.Rest();
        _lane.Rest();
    }

    /// <summary>A block of each contender.</summary>
    internal void Turn(int number)
    {
        // None is always behind the same one.
        if (number % 2 == 0) RunBare();
        RunDriven();
        if (number % 2 != 0) RunBare();
        RunLane();
    }

    internal WalDuelResult Result() => new()
    {
        Records = _records, Rounds = _times.Rounds, Closes = _closes,
        BytesPerBatch = (double)_bytes / _times.Rounds, AllocatedPerBatch = (double)_allocated / _times.Rounds,
        AppendP50Us = _times.P50Us, SyncP50Us = _times.SyncP50Us, BareP50Us = _bareTimes.P50Us,
        HandedOverP50Us = _handedOver.P50Us, EndToEndP50Us = _endToEnd.P50Us,
        Ratios = new BlockRatios(_times.BlockP50Us, _bareTimes.BlockP50Us), BlockP50Us = _times.BlockP50Us,
    };

    public void Dispose()
    {
        while (_open.TryPop(out var contender)) contender.Dispose();
    }

    private T Opened<T>(T contender) where T : IDisposable
    {
        _open.Push(contender);
        return contender;
    }

    private void RunBare()
    {
        Thread.Sleep(PauseMs);
        for (var i = 0; i < RoundsToSettle; i++) _bare.Round(times: null);
        for (var i = 0; i < RoundsPerBlock; i++) _bare.Round(_bareTimes);
        _bareTimes.EndBlock();
    }

    private void RunDriven()
    {
        Thread.Sleep(PauseMs);
        for (var i = 0; i < RoundsToSettle; i++) _driven.Append(_records, times: null);
        var (bytes, closes, allocated) = (_driven.BytesWritten, _driven.Closes, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < RoundsPerBlock; i++) _driven.Append(_records, _times);
        _allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
        _bytes += _driven.BytesWritten - bytes;
        _closes += _driven.Closes - closes;
        _times.EndBlock();
        _driven.Rest();
    }

    private void RunLane()
    {
        Thread.Sleep(PauseMs);
        for (var i = 0; i < RoundsToSettle; i++) _lane.Append(_records, durable: null, answered: null);
        for (var i = 0; i < RoundsPerBlock; i++) _lane.Append(_records, _handedOver, _endToEnd);
        _handedOver.EndBlock();
        _endToEnd.EndBlock();
        _lane.Rest();
    }
}

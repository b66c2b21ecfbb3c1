using System.Diagnostics;

namespace Balsa.Bench.Wal;

/// <summary>
/// How long rounds took, and the sync in each. They come in blocks, because two contenders that take turns see the same
/// machine: the medians of neighbouring blocks may be compared even when others use it, too. Adding allocates nothing.
/// </summary>
internal sealed class RoundTimes(int blockRounds)
{
    private readonly long[] _block = new long[blockRounds], _blockSyncs = new long[blockRounds];
    private readonly List<long> _rounds = [], _syncs = [];
    private int _count;

    internal int Rounds => _rounds.Count;

    /// <summary>The median of each block, in microseconds.</summary>
    internal List<double> BlockP50Us { get; } = [];

    internal double P50Us => MedianUs([.. _rounds]);

    internal double SyncP50Us => MedianUs([.. _syncs]);

    /// <summary>Both in ticks of <see cref="Stopwatch"/>.</summary>
    internal void Add(long round, long sync) => (_block[_count], _blockSyncs[_count++]) = (round, sync);

    internal void EndBlock()
    {
        _rounds.AddRange(_block.AsSpan(0, _count));
        _syncs.AddRange(_blockSyncs.AsSpan(0, _count));
        BlockP50Us.Add(MedianUs(_block[.._count]));
        _count = 0;
    }

    private static double MedianUs(long[] ticks)
    {
        Array.Sort(ticks);
        return ticks[ticks.Length / 2] * 1e6 / Stopwatch.Frequency;
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Storage;

/// <summary>
/// A disk that takes operations at once and makes them durable later: one sync at a time, each covering everything that
/// was queued when it began.
/// </summary>
internal sealed class SimulatedDisk(Configuration founding)
{
    private readonly Stack<StoredEntry[]> _buffers = new();
    private StorageOperation[] _queued = new StorageOperation[32];
    private int _count;

    internal DiskImage Durable { get; } = new(founding);

    /// <summary>Operations that no finished sync covers.</summary>
    internal int Unsynced => _count;

    /// <summary>How many of the queued operations the running sync covers; 0 when none runs.</summary>
    internal int Syncing { get; private set; }

    internal StoredEntry[] TakeBuffer(int entries)
    {
        if (entries <= 64 && _buffers.TryPop(out var buffer)) return buffer;
        return new StoredEntry[Math.Max(entries, 64)];
    }

    internal void Queue(in StorageOperation operation)
    {
        if (_count == _queued.Length) Array.Resize(ref _queued, 2 * _count);
        _queued[_count++] = operation;
    }

    internal bool TryBeginSync()
    {
        if (Syncing > 0 || _count == 0) return false;
        Syncing = _count;
        return true;
    }

    /// <summary>The sync is over: says the last operation that it covered.</summary>
    internal IoSeq FinishSync()
    {
        for (var i = 0; i < Syncing; i++) Durable.Apply(_queued[i]);
        var last = _queued[Syncing - 1].Io;
        Drop(Syncing);
        Syncing = 0;
        return last;
    }

    /// <summary>The power is cut. What is left becomes the durable image: recovery syncs whatever it reads back.</summary>
    internal void Crash(CrashRule rule, Dice dice)
    {
        var kept = rule switch
        {
            CrashRule.KeepsNothing => 0,
            CrashRule.KeepsEverything => _count,
            CrashRule.KeepsSubset => FirstHole(dice),
            _ => _count == 0 ? 0 : dice.Below(_count),
        };
        for (var i = 0; i < kept; i++) Durable.Apply(_queued[i]);
        if (rule == CrashRule.TearsAppend && kept < _count && _queued[kept] is { Kind: EffectKind.AppendEntries, Count: > 1 } torn)
            Durable.Append(torn, 1 + dice.Below(torn.Count - 1));
        Drop(_count);
        Syncing = 0;
    }

    private int FirstHole(Dice dice)
    {
        var kept = 0;
        while (kept < _count && dice.Chance(700)) kept++;
        return kept;
    }

    private void Drop(int count)
    {
        for (var i = 0; i < count; i++)
            if (_queued[i].Entries is { Length: 64 } buffer && _buffers.Count < 64) _buffers.Push(buffer);
        Array.Copy(_queued, count, _queued, 0, _count - count);
        Array.Clear(_queued, _count - count, count);
        _count -= count;
    }
}

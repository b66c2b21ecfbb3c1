using Balsa.Raft.Effects;

namespace Balsa.Simulation.Scenarios.Cluster;

/// <summary>
/// A disk that makes its operations durable in order: at once, or when the script says so. A crash loses what was not
/// synced, except for as many operations as the script lets survive.
/// </summary>
internal sealed class ScenarioDisk
{
    private readonly Queue<Operation> _unsynced = new();

    private readonly record struct Operation(IoSeq Io, string Words, Action<StoredLog> Change);

    /// <summary>Everything that was handed to the disk, synced or not.</summary>
    internal StoredLog Seen { get; private set; } = new();

    /// <summary>What a crash leaves.</summary>
    internal StoredLog Stable { get; private set; } = new();

    internal bool IsHeld { get; set; }

    internal int Unsynced => _unsynced.Count;

    internal IEnumerable<string> UnsyncedWords => _unsynced.Select(o => o.Words);

    internal void Write(IoSeq io, string words, Action<StoredLog> change)
    {
        change(Seen);
        _unsynced.Enqueue(new Operation(io, words, change));
    }

    /// <summary>Changes both sides at once: for what the host makes durable before it tells the core.</summary>
    internal void WriteThrough(Action<StoredLog> change)
    {
        change(Seen);
        change(Stable);
    }

    internal bool TrySync(int operationsMax, out IoSeq upTo)
    {
        upTo = default;
        var synced = 0;
        for (; synced < operationsMax && _unsynced.TryDequeue(out var operation); synced++)
        {
            operation.Change(Stable);
            upTo = operation.Io;
        }
        return synced > 0;
    }

    internal void Crash(int operationsKept)
    {
        TrySync(operationsKept, out _);
        _unsynced.Clear();
        Seen = Stable.Copy();
        IsHeld = false;
    }

    internal void Wipe()
    {
        _unsynced.Clear();
        (Seen, Stable) = (new StoredLog(), new StoredLog());
    }
}

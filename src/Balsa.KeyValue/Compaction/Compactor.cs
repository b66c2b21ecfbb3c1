using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Compaction;

/// <summary>
/// Frees what no reader may ask for any more, a few events at a time. It goes through the history once: whatever an event up
/// to the horizon replaced is garbage, and a delete up to the horizon that is still the newest of its key is garbage itself.
/// </summary>
/// <remarks>
/// A delete that was followed by a put beyond the horizon stays until that put is passed. Nobody sees the difference.
/// </remarks>
internal sealed class Compactor<TProbe>(MemoryParts memory, TProbe probe) where TProbe : struct, IStoreProbe
{
    private const int DeleteSteps = 4;

    private long _horizon = -1;
    private long _finished = -1;
    private long _next;

    /// <summary>Some steps towards the horizon, which nobody may hold back any more; true while there is more to do.</summary>
    internal bool Work(long horizon, int steps)
    {
        if (_horizon < 0)
        {
            if (horizon <= _finished) return false;
            (_horizon, _next) = (horizon, memory.Events.First);
        }

        var rows = memory.Events.Rows;
        for (; steps > 0 && _next < rows.End && rows.RevisionAt(_next) <= _horizon; steps--)
        {
            steps -= Pass(rows.RevisionAt(_next), rows.At(_next));
            _next++;
        }

        // In every slice, because it takes time to give many chunks of history back. What happened at the horizon itself stays.
        memory.Events.DropBefore(Math.Min(_next, rows.Seek(_horizon)));
        if (_next < rows.End && rows.RevisionAt(_next) <= _horizon) return true;
        (_finished, _horizon) = (_horizon, -1);
        return horizon > _finished;
    }

    private int Pass(long revision, ulong reference)
    {
        var words = memory.Records.Words(reference);
        FreePrevious(words, revision);
        // What happened at the horizon itself is kept whole until the next compaction: a watch may begin there.
        var isGarbage = revision < _horizon && RecordCodec.IsDelete(words) && !probe.Plants(StoreMutant.CompactionForgetsTombstones);
        if (probe.Plants(StoreMutant.CompactionDropsNewest) && revision == _horizon) isGarbage = true;
        if (!isGarbage) return 0;
        if (memory.Keys.Reader.Descend(RecordCodec.Key(words), out var path) && memory.Keys.Reader.ReferenceAt(path) == reference)
        {
            memory.Keys.Remove(ref path);
            memory.Retirements.Record(reference, memory.Epoch);
        }

        return DeleteSteps;
    }

    /// <summary>
    /// One version at the most. What the same command made before was an event itself, so that what was before that is
    /// gone already; at the horizon it stays with its event.
    /// </summary>
    private void FreePrevious(Span<ulong> words, long revision)
    {
        var previous = words[RecordCodec.PreviousWord];
        if (previous == 0 || (revision == _horizon && memory.Records.Reader.Modified(previous) == revision)) return;
        words[RecordCodec.PreviousWord] = 0;
        memory.Records.Free(previous);
    }
}

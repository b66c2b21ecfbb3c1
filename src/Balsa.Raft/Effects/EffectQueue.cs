using Balsa.Raft.Log;

namespace Balsa.Raft.Effects;

/// <summary>The one way out of the core. Two arrays that only grow, so that a busy core allocates nothing.</summary>
internal sealed class EffectQueue
{
    private Effect[] _effects = new Effect[256];
    private EntryRef[] _entries = new EntryRef[1024];
    private int _effectCount, _entryCount;
    private int _effectMark, _entryMark;

    /// <summary>A new effect at the end, cleared, to be filled in place.</summary>
    internal ref Effect Add(EffectKind kind)
    {
        if (_effectCount == _effects.Length) Array.Resize(ref _effects, _effects.Length * 2);
        ref var effect = ref _effects[_effectCount++];
        effect = default;
        effect.Kind = kind;
        return ref effect;
    }

    /// <summary>Gives the effect added last its first entry.</summary>
    internal void BeginEntries(ref Effect effect, in EntryRef entry)
    {
        effect.EntriesStart = _entryCount;
        effect.EntriesCount = 1;
        effect.Last = entry.Id.Index;
        Store(entry);
    }

    /// <summary>Adds an entry to the append that was asked for last, if nothing was asked for since.</summary>
    internal bool TryExtendAppend(IoSeq newest, in EntryRef entry)
    {
        if (_effectCount == 0) return false;
        ref var effect = ref _effects[_effectCount - 1];
        if (effect.Kind != EffectKind.AppendEntries || effect.Io != newest || effect.Configuration is not null) return false;
        effect.EntriesCount++;
        effect.Last = entry.Id.Index;
        Store(entry);
        return true;
    }

    private void Store(in EntryRef entry)
    {
        if (_entryCount == _entries.Length) Array.Resize(ref _entries, _entries.Length * 2);
        _entries[_entryCount++] = entry;
    }

    /// <summary>What a step that breaks half-way has asked for must never leave: remember where it began.</summary>
    internal void BeginStep() => (_effectMark, _entryMark) = (_effectCount, _entryCount);

    internal void UndoStep() => (_effectCount, _entryCount) = (_effectMark, _entryMark);

    internal EffectBatch Drain()
    {
        var batch = new EffectBatch(_effects.AsSpan(0, _effectCount), _entries.AsSpan(0, _entryCount));
        _effectCount = _entryCount = _effectMark = _entryMark = 0;
        return batch;
    }
}

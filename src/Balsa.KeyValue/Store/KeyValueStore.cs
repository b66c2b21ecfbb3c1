using Balsa.KeyValue.Commands;
using Balsa.Raft;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Store;

/// <summary>
/// An ordered map with one revision a mutation. A pure function of the commands applied: the same commands in the same
/// order give the same state on every member. One thread at a time.
/// </summary>
public sealed class KeyValueStore
{
    private readonly SortedSet<StoredValue> _values = new(new KeyOrder());

    /// <summary>Counts mutations; a delete that finds nothing is none.</summary>
    public ulong Revision { get; private set; }

    public int Count => _values.Count;

    /// <summary>Applies one committed entry's command. What it does not understand stops the node.</summary>
    public Answer Apply(in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var read = CommandCodec.Read(envelope, command);
        switch (read.Kind)
        {
            case CommandKind.Put: return Put(read.Key, read.Value);
            case CommandKind.Delete: return Delete(read.Key);
            default:
                Invariant.Broken("every command has a handler");
                return default;
        }
    }

    public StoredValue? Find(ReadOnlyMemory<byte> key) =>
        _values.TryGetValue(new StoredValue(key, default, 0, 0, 0), out var found) ? found : null;

    /// <summary>The keys that begin with the prefix, in order, at most that many; true when there are more.</summary>
    public bool List(ReadOnlyMemory<byte> prefix, int limit, ICollection<StoredValue> into)
    {
        if (_values.Count == 0) return false;
        var from = new StoredValue(prefix, default, 0, 0, 0);
        if (new KeyOrder().Compare(from, _values.Max) > 0) return false;
        foreach (var value in _values.GetViewBetween(from, _values.Max))
        {
            if (!value.Key.Span.StartsWith(prefix.Span)) return false;
            if (into.Count == limit) return true;
            into.Add(value);
        }

        return false;
    }

    private Answer Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Revision++;
        var earlier = Find(key.ToArray());
        if (earlier is not null) _values.Remove(earlier);
        var keyBytes = earlier?.Key ?? key.ToArray();
        _values.Add(new StoredValue(keyBytes, value.ToArray(), earlier?.Created ?? Revision, Revision, (earlier?.Version ?? 0) + 1));
        return new Answer(Revision, earlier is not null);
    }

    private Answer Delete(ReadOnlySpan<byte> key)
    {
        if (Find(key.ToArray()) is not { } found) return new Answer(Revision, Existed: false);
        _values.Remove(found);
        return new Answer(++Revision, Existed: true);
    }
}

using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Store;

/// <summary>
/// Computes the hash of all live keys anew from their bytes, in slices while the store goes on, and compares it with the one
/// that was kept up to date. A difference means that memory or code is broken: this member must not serve any more.
/// </summary>
public sealed class ContentScrub<TProbe> where TProbe : struct, IStoreProbe
{
    private readonly KeyValueStore<TProbe> _store;
    private readonly KeyWalk _walk;
    private readonly long _revision;
    private readonly ulong _expected;
    private ulong _sum;
    private bool _isClosed;

    internal ContentScrub(KeyValueStore<TProbe> store)
    {
        (_store, _revision, _expected) = (store, store.Revision, store.Mutations.ContentSum);
        _walk = new KeyWalk(store.Memory, _revision);
        store.Pins.Add(_revision);
    }

    /// <summary>Keys looked at so far.</summary>
    public long Keys { get; private set; }

    /// <summary>Null until the walk is over.</summary>
    public bool? IsRight { get; private set; }

    /// <summary>About so many steps of a microsecond; true while there is more to do.</summary>
    public bool Work(int steps)
    {
        for (; steps > 0 && !_isClosed && !_walk.IsAtEnd; steps--)
        {
            if (!_walk.Step(out var record) || record.IsDelete) continue;
            _sum += Hash64.OfRecord(record);
            Keys++;
        }

        _walk.EndSlice();
        if (_isClosed || !_walk.IsAtEnd) return !_isClosed;
        IsRight = _sum == _expected;
        Close();
        return false;
    }

    /// <summary>Gives up: nothing is held back any more.</summary>
    public void Close()
    {
        if (_isClosed) return;
        _isClosed = true;
        _store.Pins.Remove(_revision);
    }
}

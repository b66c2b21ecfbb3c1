using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Slots;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Leases;

/// <summary>
/// The leases that exist, in the replicated state: ids and granted times. It knows no clock, so a lease ends here only by a
/// command; when that is due, <see cref="LeaseDeadlines{TProbe}"/> of the leader knows.
/// </summary>
internal sealed class LeaseTable : ILeaseSource, ICapturedItems
{
    internal const long SecondsMax = 9_000_000_000;
    internal const int NoPosition = -1;

    /// <summary>A slot whose id is 0 is empty: no lease has that id.</summary>
    private readonly SlotArray<LeaseState> _leases = new();
    private readonly IdIndex _slots = new();
    private readonly CapturedOrder _order;

    internal LeaseTable() => _order = new CapturedOrder(this);

    public int Count => _slots.Count;

    /// <summary>The sum over all leases: equal for equal leases, whatever the way to them.</summary>
    internal ulong ContentHash { get; private set; }

    internal bool Contains(long id) => _slots.Contains(id);

    public bool TryGet(long id, out LeaseState state)
    {
        var found = _slots.TryFind(id, out var slot);
        state = found ? _leases[slot] : default;
        return found;
    }

    public int Copy(ref int position, Span<LeaseState> into)
    {
        var copied = 0;
        var end = Math.Min(_leases.Length, position + into.Length);
        for (; position < end; position++)
        {
            if (_leases[position].Id != 0) into[copied++] = _leases[position];
        }

        if (position >= _leases.Length) position = NoPosition;
        return copied;
    }

    /// <summary>The proposer has chosen the id and raised the time to the minimum: neither may be missing here.</summary>
    internal StoreError Grant(long id, long seconds)
    {
        if (id == 0 || seconds < 1) return StoreError.Malformed;
        if (seconds > SecondsMax) return StoreError.LeaseTooLong;
        if (Contains(id)) return StoreError.LeaseExists;
        Add(new LeaseState(id, seconds, 0));
        return StoreError.None;
    }

    internal bool Remove(long id)
    {
        if (!_slots.Remove(id, out var slot)) return false;
        _order.Remove(slot);
        ContentHash -= Hash(_leases[slot]);
        _leases[slot] = default;
        return true;
    }

    /// <summary>Notes what a lease still has; 0 takes the note back. False when nothing changed.</summary>
    internal bool Checkpoint(long id, long restMs)
    {
        if (restMs < 0 || !_slots.TryFind(id, out var slot)) return false;
        ref var lease = ref _leases[slot];
        restMs = Math.Min(restMs, lease.Seconds * 1000);
        if (lease.RestMs == restMs) return false;
        _order.BeforeChange(slot);
        ContentHash -= Hash(lease);
        lease = lease with { RestMs = restMs };
        ContentHash += Hash(lease);
        return true;
    }

    /// <summary>From here on the leases are captured as they are now, in the order in which they were granted.</summary>
    internal void BeginCapture() => _order.BeginCapture();

    /// <summary>Writes the next leases of the capture; true when it is finished.</summary>
    internal bool CaptureSlice(ByteWriter into, int itemsMax) => _order.CaptureSlice(into, itemsMax);

    internal void EndCapture() => _order.EndCapture();

    /// <summary>Takes the next captured lease in. False when the bytes are no lease, or one that is here already.</summary>
    internal bool TryRestoreItem(ref ByteReader from)
    {
        var lease = new LeaseState(from.Number(), from.Number(), from.Number());
        if (from.Failed || lease.Id == 0 || lease.Seconds is < 1 or > SecondsMax) return false;
        if (lease.RestMs < 0 || lease.RestMs > lease.Seconds * 1000 || Contains(lease.Id)) return false;
        Add(lease);
        return true;
    }

    /// <summary><c>id | seconds | rest in milliseconds</c></summary>
    void ICapturedItems.WriteItem(int slot, ByteWriter into)
    {
        var lease = _leases[slot];
        into.Varint(lease.Id);
        into.Varint(lease.Seconds);
        into.Varint(lease.RestMs);
    }

    private void Add(LeaseState lease)
    {
        var slot = _order.Add();
        _leases.Reach(slot);
        _leases[slot] = lease;
        _slots.Add(lease.Id, slot);
        ContentHash += Hash(lease);
    }

    private static ulong Hash(LeaseState lease) =>
        Hash64.Join(Hash64.Join((ulong)lease.Id, (ulong)lease.Seconds), (ulong)lease.RestMs);
}

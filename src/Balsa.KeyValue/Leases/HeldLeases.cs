using Balsa.KeyValue.Slots;

namespace Balsa.KeyValue.Leases;

/// <summary>The leases whose deadlines a leader holds, found by id; slots of ended ones are used again.</summary>
internal sealed class HeldLeases
{
    private readonly SlotArray<HeldLease> _leases = new();
    private readonly IdIndex _slots = new();
    private int _free = -1;

    /// <summary>Slots, empty ones included.</summary>
    internal int Slots => _leases.Length;

    internal ref HeldLease this[int slot] => ref _leases[slot];

    internal bool Contains(long id) => _slots.Contains(id);

    internal bool TryFind(long id, out int slot) => _slots.TryFind(id, out slot);

    internal int Add(HeldLease lease)
    {
        var slot = _free;
        if (slot < 0) slot = _leases.Add();
        else _free = (int)_leases[slot].At;
        _leases[slot] = lease;
        _slots.Add(lease.Id, slot);
        return slot;
    }

    internal void Remove(int slot)
    {
        _slots.Remove(_leases[slot].Id, out _);
        _leases[slot] = new HeldLease { At = _free };
        _free = slot;
    }
}

/// <summary>One of them. Id 0: an empty slot, and <see cref="At"/> is the next empty one.</summary>
internal struct HeldLease
{
    internal long Id, Seconds;

    /// <summary>When it is over.</summary>
    internal long At;

    /// <summary>The number of the last note of what it still has, 0 when none counts.</summary>
    internal long Note;

    /// <summary>Its end was proposed.</summary>
    internal bool IsEnding;

    internal readonly long FullTicks => Seconds * TimeSpan.TicksPerSecond;
}

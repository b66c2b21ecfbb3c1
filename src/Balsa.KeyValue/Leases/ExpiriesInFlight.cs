using Balsa.KeyValue.Slots;

namespace Balsa.KeyValue.Leases;

/// <summary>
/// Expiries that were proposed while their leases still exist. There are few, so a backlog of ends leaves room in the log
/// for everything else.
/// </summary>
internal sealed class ExpiriesInFlight(int max)
{
    private readonly Flight[] _flights = new Flight[max];

    private int _count;

    internal bool IsFull => _count == max;

    /// <summary>When the first of them has to be proposed again.</summary>
    internal long FirstRetry
    {
        get
        {
            var first = long.MaxValue;
            foreach (var flight in _flights.AsSpan(0, _count)) first = Math.Min(first, flight.Retry);
            return first;
        }
    }

    internal void Clear() => _count = 0;

    internal void Add(int slot, long retry) => _flights[_count++] = new Flight(slot, retry);

    internal void Remove(int slot)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_flights[i].Slot != slot) continue;
            _flights[i] = _flights[--_count];
            return;
        }
    }

    /// <summary>A flight that took too long; it counts as begun again.</summary>
    internal bool TryRetry(long now, long retry, out int slot)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_flights[i].Retry > now) continue;
            slot = _flights[i].Slot;
            _flights[i] = new Flight(slot, retry);
            return true;
        }

        slot = default;
        return false;
    }

    private readonly record struct Flight(int Slot, long Retry);
}

using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Leases that exist: id, granted seconds, and what was last noted of what they still have.</summary>
internal sealed class NaiveLeases
{
    internal const long SecondsMax = 9_000_000_000;

    private readonly SortedDictionary<long, LeaseState> _leases = [];

    internal IReadOnlyList<LeaseState> All => [.. _leases.Values];

    internal bool Has(long id) => _leases.ContainsKey(id);

    internal StoreError Grant(LeaseGrantCommand grant)
    {
        if (grant.Lease == 0 || grant.Seconds < 1) return StoreError.Malformed;
        if (grant.Seconds > SecondsMax) return StoreError.LeaseTooLong;
        return _leases.TryAdd(grant.Lease, new LeaseState(grant.Lease, grant.Seconds, 0)) ? StoreError.None : StoreError.LeaseExists;
    }

    internal bool Remove(long id) => _leases.Remove(id);

    /// <summary>More than it was granted it cannot have; less than nothing is no note.</summary>
    internal void Note(LeaseRest rest)
    {
        if (rest.RestMs < 0 || !_leases.TryGetValue(rest.Lease, out var lease)) return;
        _leases[rest.Lease] = lease with { RestMs = Math.Min(rest.RestMs, lease.Seconds * 1000) };
    }
}

using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>
/// Which leases may have ended by themselves. None may while somebody was told that it was renewed: it has its whole time from
/// the beginning of the renewal on, by the clock that the history was written with.
/// </summary>
internal sealed class Leases
{
    private readonly Timeline _timeline;
    private readonly Dictionary<long, (long Renewed, long TimeToLive)> _leases = [];

    internal Leases(Timeline timeline)
    {
        _timeline = timeline;
        foreach (var operation in timeline.Unknown) Note(operation);
        foreach (var operation in timeline.Done) Note(operation);
        foreach (var operation in timeline.Done)
            if (operation is { Kind: OperationKind.KeepAlive, Met: not false } && _leases.TryGetValue(operation.Lease, out var lease))
                _leases[operation.Lease] = lease with { Renewed = Math.Max(lease.Renewed, operation.Begin) };
    }

    /// <summary>Those with keys that may have ended by the time at which this revision was known.</summary>
    internal List<long> At(long revision, Shelf shelf)
    {
        var found = new List<long>();
        if (_leases.Count == 0) return found;
        var known = _timeline.KnownBy(revision);
        foreach (var lease in shelf.LeasesWithKeys())
            if (_leases.TryGetValue(lease, out var times) && known - times.Renewed >= times.TimeToLive) found.Add(lease);
        return found;
    }

    private void Note(Operation operation)
    {
        if (operation.Kind == OperationKind.Grant) _leases[operation.Lease] = (operation.Begin, operation.TimeToLive);
    }
}

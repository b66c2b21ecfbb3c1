namespace Balsa.KeyValue.Leases;

/// <summary>The replicated leases, as the deadlines of a reign read them.</summary>
public interface ILeaseSource
{
    int Count { get; }

    bool TryGet(long id, out LeaseState state);

    /// <summary>
    /// Looks at as many positions as there is room, copies the leases found there, and moves the position on. Past the last
    /// one it stands at -1. Whatever is granted or removed between two calls, a lease that was there all the time is met once.
    /// </summary>
    int Copy(ref int position, Span<LeaseState> into);
}

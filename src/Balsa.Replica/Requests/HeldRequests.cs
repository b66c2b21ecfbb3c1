namespace Balsa.Replica.Requests;

/// <summary>Requests that wait for a leader, each at most until its deadline, and not more of them than the limit.</summary>
internal sealed class HeldRequests(int countMax)
{
    private readonly List<(Caller Caller, long Deadline)> _held = [];
    private readonly List<(Caller Caller, long Deadline)> _taken = [];

    internal int Count => _held.Count;

    /// <summary>When the first of them has waited long enough.</summary>
    internal long NextDeadline { get; private set; } = long.MaxValue;

    /// <summary>False when there are too many.</summary>
    internal bool TryAdd(Caller caller, long deadline)
    {
        if (_held.Count >= countMax) return false;
        _held.Add((caller, deadline));
        NextDeadline = Math.Min(NextDeadline, deadline);
        return true;
    }

    /// <summary>All of them; those that cannot be served yet are added again.</summary>
    internal IReadOnlyList<(Caller Caller, long Deadline)> TakeAll()
    {
        _taken.Clear();
        _taken.AddRange(_held);
        _held.Clear();
        NextDeadline = long.MaxValue;
        return _taken;
    }

    /// <summary>Those that have waited long enough.</summary>
    internal IEnumerable<Caller> TakeLate(long now)
    {
        var late = _held.Where(held => held.Deadline <= now).Select(held => held.Caller).ToArray();
        _held.RemoveAll(held => held.Deadline <= now);
        NextDeadline = _held.Count == 0 ? long.MaxValue : _held.Min(held => held.Deadline);
        return late;
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Replica.Requests;

/// <summary>Writes that were handed to a leader and not answered yet.</summary>
/// <param name="seed">
/// Another one at each start: numbers go on from it, so that a late answer to what an earlier start had handed over is not
/// taken for the answer to something else.
/// </param>
internal sealed class Forwards(ulong seed)
{
    private readonly Dictionary<ulong, Forwarded> _waiting = [];
    private ulong _last = seed >> 1;

    internal readonly record struct Forwarded(Caller Caller, MemberId Leader, Term Term, long Deadline);

    internal int Count => _waiting.Count;

    internal long NextDeadline { get; private set; } = long.MaxValue;

    internal ulong Add(in Forwarded forwarded)
    {
        _waiting.Add(++_last, forwarded);
        NextDeadline = Math.Min(NextDeadline, forwarded.Deadline);
        return _last;
    }

    internal bool TryTake(ulong number, MemberId leader, out Forwarded forwarded) =>
        _waiting.TryGetValue(number, out forwarded) && forwarded.Leader == leader && _waiting.Remove(number);

    /// <summary>In the order in which they were sent: those that the rule picks.</summary>
    internal IReadOnlyList<Forwarded> TakeWhere(Func<Forwarded, bool> rule)
    {
        // All may have been answered in time, and a deadline of the past would keep the host awake.
        if (_waiting.Count == 0) NextDeadline = long.MaxValue;
        if (_waiting.Count == 0) return [];
        var picked = _waiting.Where(pair => rule(pair.Value)).OrderBy(pair => pair.Key).ToArray();
        foreach (var (number, _) in picked) _waiting.Remove(number);
        NextDeadline = _waiting.Count == 0 ? long.MaxValue : _waiting.Values.Min(forwarded => forwarded.Deadline);
        return [.. picked.Select(pair => pair.Value)];
    }
}

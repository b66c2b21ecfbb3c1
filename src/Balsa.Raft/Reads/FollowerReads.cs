using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;

namespace Balsa.Raft.Reads;

/// <summary>
/// A follower's reads. One question at a time is with the leader and answers every read that had arrived when it was
/// asked; later reads wait for the next question. The question is repeated until it is answered or too old.
/// </summary>
internal sealed class FollowerReads
{
    private readonly Ring<Correlation> _asked = new(), _waiting = new();

    internal int Count => _asked.Count + _waiting.Count;

    internal bool IsAsking => _asked.Count > 0;

    internal bool HasWaiting => _waiting.Count > 0;

    internal ReadContext Question { get; private set; }

    internal long AskAgainAt { get; set; }

    internal long GiveUpAt { get; private set; }

    internal void Add(Correlation correlation) => _waiting.Enqueue(correlation);

    /// <summary>Everything that waits goes into a new question, whose name was never used before.</summary>
    internal void Ask(ReadContext question, long giveUpAt)
    {
        Invariant.Check(!IsAsking);
        while (_waiting.Count > 0) _asked.Enqueue(_waiting.Dequeue());
        (Question, GiveUpAt) = (question, giveUpAt);
    }

    internal bool TryTakeAsked(out Correlation correlation) => TryTake(_asked, out correlation);

    internal bool TryTakeWaiting(out Correlation correlation) => TryTake(_waiting, out correlation);

    private static bool TryTake(Ring<Correlation> from, out Correlation correlation)
    {
        correlation = default;
        if (from.Count == 0) return false;
        correlation = from.Dequeue();
        return true;
    }
}

/// <summary>Reads whose index is confirmed and not yet applied here, in the order they were confirmed.</summary>
internal sealed class ReadsToApply
{
    private readonly Ring<(LogIndex Index, Correlation Correlation)> _reads = new();

    internal int Count => _reads.Count;

    internal void Add(LogIndex index, Correlation correlation) => _reads.Enqueue((index, correlation));

    /// <summary>Hands the reads that wait for something beyond the commit index back to be asked again.</summary>
    internal void GiveBackBeyond(LogIndex commit, FollowerReads to)
    {
        for (var left = _reads.Count; left > 0; left--)
        {
            var read = _reads.Dequeue();
            if (read.Index > commit) to.Add(read.Correlation); else _reads.Enqueue(read);
        }
    }

    internal bool TryTake(LogIndex applied, out Correlation correlation)
    {
        correlation = default;
        if (_reads.Count == 0 || _reads[0].Index > applied) return false;
        correlation = _reads.Dequeue().Correlation;
        return true;
    }
}

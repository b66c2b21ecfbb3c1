using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;

namespace Balsa.Raft.Reads;

/// <summary>
/// The leader's side of reads. Every heartbeat is a numbered round; a read waits for the first round that starts after it
/// arrived, so any number of reads share one. When each recent round was sent is kept for the lease.
/// </summary>
internal sealed class ReadRounds(ulong lastNumber)
{
    private const int SentTimesKept = 64;
    private readonly long[] _sentAt = new long[SentTimesKept];
    private readonly ulong _firstNumber = lastNumber + 1;
    private readonly Ring<Waiting> _waiting = new();

    /// <summary>A read of our own (with a correlation) or of a follower (with its question).</summary>
    internal readonly record struct Waiting(
        ulong Round, LogIndex Index, Correlation Correlation, MemberId Asker, ReadContext Question);

    /// <summary>The newest round under way. Numbers go on over reigns, so an answer to an old reign names none of ours.</summary>
    internal ulong Started { get; private set; } = lastNumber;

    internal ulong Confirmed { get; private set; } = lastNumber;

    internal int WaitingCount => _waiting.Count;

    internal bool RoundIsWanted => _waiting.Count > 0 && _waiting.Newest.Round > Started;

    internal bool RoundIsUnderWay => Confirmed < Started;

    internal ulong Start(long now)
    {
        Started++;
        _sentAt[Started % SentTimesKept] = now;
        return Started;
    }

    internal bool IsOurs(ulong round) => round >= _firstNumber && round <= Started;

    internal void Add(LogIndex index, Correlation correlation, MemberId asker, ReadContext question, ulong round) =>
        _waiting.Enqueue(new Waiting(round, index, correlation, asker, question));

    internal void Confirm(ulong round) => Confirmed = Math.Max(Confirmed, round);

    internal bool TryTakeConfirmed(out Waiting read)
    {
        read = default;
        if (_waiting.Count == 0 || _waiting[0].Round > Confirmed) return false;
        read = _waiting.Dequeue();
        return true;
    }

    internal bool TryTakeAny(out Waiting read)
    {
        read = default;
        if (_waiting.Count == 0) return false;
        read = _waiting.Dequeue();
        return true;
    }

    /// <summary>When the round was sent, if that is still known.</summary>
    internal bool TrySentAt(ulong round, out long sentAt)
    {
        sentAt = _sentAt[round % SentTimesKept];
        return IsOurs(round) && Started - round < SentTimesKept;
    }
}

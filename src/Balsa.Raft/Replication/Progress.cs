using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Replication;

/// <summary>
/// How a leader feeds one peer.
/// <code>
///            answer covers what was asked                 needs what was compacted
///   Probe ------------------------------> Replicate   Probe -----------------------> Snapshot
///     ^                                      |           ^                               |
///     +------ refusal, unreachable ----------+           +--- installed, failed, stalled-+
/// </code>
/// </summary>
internal enum ProgressState : byte
{
    /// <summary>Where the logs agree is not known: one append at a time.</summary>
    Probe,

    /// <summary>Known: appends are sent ahead of their answers.</summary>
    Replicate,

    /// <summary>Appends would be useless until the snapshot has arrived.</summary>
    Snapshot,
}

/// <summary>What the leader knows of one peer. Invariant: Match is below Next.</summary>
internal sealed class Progress(MemberId member, LogIndex session, InflightWindow inflight)
{
    private Boot _damagedAt;

    internal MemberId Member { get; } = member;

    internal LogIndex Session { get; } = session;

    internal InflightWindow Inflight { get; } = inflight;

    internal ProgressState State { get; private set; }

    /// <summary>The peer holds our log up to here on stable media.</summary>
    internal LogIndex Match { get; private set; }

    /// <summary>The next entry to send.</summary>
    internal LogIndex Next { get; private set; }

    /// <summary>A probe is on its way; the next one waits for an answer or a heartbeat's.</summary>
    internal bool ProbeSent { get; set; }

    /// <summary>Sizes of old entries have been asked of the host.</summary>
    internal bool Loading { get; set; }

    internal EntryId SnapshotSent { get; private set; }

    internal long SnapshotProgressAt { get; set; }

    /// <summary>The highest commit index the peer was told.</summary>
    internal LogIndex CommitSent { get; set; }

    /// <summary>The newest round that the peer confirmed.</summary>
    internal ulong RoundConfirmed { get; set; }

    internal long HeardAt { get; set; }

    /// <summary>The peer repairs a damaged log: whatever it says counts towards nothing.</summary>
    internal bool NotCounted { get; private set; }

    internal bool DiskSlow { get; set; }

    /// <summary>The data directory that answered; zero before the first answer.</summary>
    internal Incarnation Incarnation { get; set; }

    internal uint FeatureLevel { get; set; }

    internal void ProbeFrom(LogIndex next)
    {
        State = ProgressState.Probe;
        Next = LogIndex.Larger(next, Match.Next);
        ProbeSent = Loading = false;
        SnapshotSent = EntryId.Start;
        Inflight.Clear();
    }

    internal void StartReplicating()
    {
        State = ProgressState.Replicate;
        Next = Match.Next;
        ProbeSent = Loading = false;
        Inflight.Clear();
    }

    internal void AwaitSnapshot(EntryId snapshot, long now)
    {
        State = ProgressState.Snapshot;
        SnapshotSent = snapshot;
        SnapshotProgressAt = now;
        ProbeSent = Loading = false;
        Inflight.Clear();
    }

    internal void SentThrough(LogIndex last, ulong bytes)
    {
        if (State == ProgressState.Replicate)
        {
            Inflight.Add(last, bytes);
            Next = last.Next;
        }
        else
        {
            ProbeSent = true;
        }
    }

    /// <summary>The peer confirmed everything up to <paramref name="match"/>; true when that is news.</summary>
    internal bool Acknowledge(LogIndex match)
    {
        Inflight.FreeThrough(match);
        Next = LogIndex.Larger(Next, match.Next);
        if (match <= Match) return false;
        Match = match;
        return true;
    }

    /// <summary>
    /// A repairing peer starts from nothing: what it held before the damage is no longer a promise. Each start of it may
    /// have found new damage.
    /// </summary>
    internal void SetNotCounted(bool notCounted, Boot boot)
    {
        var damaged = notCounted && (!NotCounted || boot != _damagedAt);
        if (notCounted) _damagedAt = boot;
        if (damaged) ForgetMatch();
        NotCounted = notCounted;
    }

    /// <summary>Another directory answers, or one that lost what it held.</summary>
    internal void ForgetMatch()
    {
        Match = LogIndex.Zero;
        ProbeFrom(Next);
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Quorum;
using Balsa.Raft.Reads;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Core;

/// <summary>Everything that exists only while leading. It is gone with the reign, so it can never be stale.</summary>
internal sealed class LeaderState(LogIndex noop, ulong lastRound, long now)
{
    private readonly Progress?[] _peers = new Progress?[SlotMask.SlotsMax];

    /// <summary>The entry that opened the reign; nothing may be committed by counting, nor read, before it.</summary>
    internal LogIndex Noop { get; } = noop;

    internal ReadRounds Rounds { get; } = new(lastRound);

    internal long Since { get; } = now;

    internal long HeartbeatAt { get; set; } = now;

    /// <summary>A hand-over of our own accord that failed is not tried again before this.</summary>
    internal long HandOverAgainAt { get; set; }

    /// <summary>Acknowledgements came in: count again before the next effects leave.</summary>
    internal bool CountWanted { get; set; }

    /// <summary>A "campaign now" has left in this reign. It may arrive late, so the lease is forfeit until the reign ends.</summary>
    internal bool LeaseForfeited { get; set; }

    internal Transfer.LeadershipTransfer? Transfer { get; set; }

    /// <summary>Who waits for the membership change under way, until the entry that ends it is appended.</summary>
    internal Correlation ChangeCorrelation { get; set; }

    internal Progress? this[int slot] => _peers[slot];

    internal void Seat(int slot, Progress? progress) => _peers[slot] = progress;

    internal Progress? Find(MemberId member)
    {
        foreach (var progress in _peers)
            if (progress?.Member == member) return progress;
        return null;
    }
}

/// <summary>Everything that exists only while standing for election.</summary>
internal sealed class Candidacy(Messages.MessageFlags flags)
{
    internal Messages.MessageFlags Flags { get; } = flags;

    internal SlotMask Yes { get; set; }

    internal SlotMask No { get; set; }

    /// <summary>The write that makes the own vote durable; before it, the own vote does not count.</summary>
    internal IoSeq OwnVote { get; set; }
}

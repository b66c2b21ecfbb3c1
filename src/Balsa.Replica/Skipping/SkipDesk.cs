using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Replica.Applying;
using Balsa.Replica.Contracts;
using Balsa.Replica.Requests;
using Balsa.Replica.Trust;

namespace Balsa.Replica.Skipping;

/// <summary>
/// Brings about that an entry is left out. A member whose directory wishes it tells the leader; a leader that wishes it too, and
/// has not applied the entry, orders it through the log when a majority of the voters wishes it. While nobody else leads,
/// members that hold may lead for that, though they serve nobody.
/// </summary>
internal sealed class SkipDesk<TProbe>(
    RaftCore<TProbe> core, Applier applier, SkipRule rule, StateWatch<TProbe> watch, IPeerNetwork network, ReplicaOptions options,
    Action<byte[], Caller> propose)
    where TProbe : struct, IProbe
{
    /// <summary>Election time-outs without a leader after which a holding member stands, and for which it may lead in vain.</summary>
    private const int LeaderlessMax = 4, VainMax = 12;

    private readonly HashSet<MemberId> _wishing = [];
    private readonly HashSet<SkippedEntry> _noted = [];
    private readonly long _patience = options.Raft.ElectionTimeout.Ticks;
    private SkippedEntry? _holding;
    private Term _term;
    private long _since, _toldAt;
    private bool _stands, _led;

    /// <summary>Why this member serves nobody; null when nothing is held.</summary>
    internal string? Why { get; private set; }

    /// <summary>What is held has been looked at.</summary>
    internal bool IsUpToDate => applier.Held == _holding;

    /// <summary>When there is something to do although nobody asks.</summary>
    internal long NextDeadline => _holding is null ? long.MaxValue : _toldAt + _patience;

    /// <summary>Another member's directory carries it.</summary>
    internal void OnWish(MemberId member, SkippedEntry wish)
    {
        if (core.Role != Role.Leader) return;
        Follow(core.Term);
        if (_holding == wish) _wishing.Add(member);
        else if (applier.Applied.Index >= wish.Index && !rule.HasSkipped(wish.Index) && _noted.Add(wish))
        {
            options.Note(
                $"warning: {member} wishes to leave out entry {wish}, which this leader has applied: it is not left out. "
                + $"{member} is to be replaced by an empty directory");
        }
    }

    /// <summary>Before a batch is carried out: what is proposed here belongs to it.</summary>
    internal void Look(long now)
    {
        if (!IsUpToDate) Turn(now);
        if (_holding is not { } held) return;
        Follow(core.Term);
        var leads = core.Role == Role.Leader;
        // A member that is set aside does not forget a leader that went silent.
        var isLed = !leads && !core.Leader.IsNone && now - core.LeaderHeardAt < _patience;
        if (leads != _led || isLed) _since = now;
        _led = leads;
        if (isLed) Stand(false);
        else if (!leads && now - _since >= LeaderlessMax * _patience) Stand(true);
        // Somebody who serves may lead in the meantime.
        if (leads && !rule.IsOrdered(held) && now - _since >= VainMax * _patience) Stand(false);
        if (now - _toldAt < _patience) return;
        _toldAt = now;
        if (leads) Decide(held);
        else if (isLed) network.Forward(core.Leader, new ForwardedCommand(0, core.Term, HostCommand.Write(HostCommand.Wish, held)));
    }

    private void Turn(long now)
    {
        (_holding, _since, _toldAt, _stands) = (applier.Held, now, now - _patience, false);
        _wishing.Clear();
        Why = _holding is { } held
            ? $"entry {held} is not applied: this directory wishes to leave it out, and a majority of the voters has to wish it"
            : null;
        if (watch.Aside is null) core.SetAside(_holding is not null);
        options.Note(Why is null
            ? "this member goes on behind the entry that it held"
            : $"this member serves nobody for now: {Why}");
    }

    private void Decide(SkippedEntry held)
    {
        _wishing.Add(options.Raft.Self);
        if (rule.IsOrdered(held) || !IsWishedByMajority()) return;
        options.Note($"a majority of the voters wishes to leave out entry {held}: it is ordered");
        propose(HostCommand.Write(HostCommand.Order, held), new NobodyWaits());
    }

    private void Stand(bool yes)
    {
        if (yes == _stands) return;
        _stands = yes;
        core.SetAside(!yes);
    }

    /// <summary>Wishes are told to one reign.</summary>
    private void Follow(Term term)
    {
        if (term != _term) _wishing.Clear();
        _term = term;
    }

    private bool IsWishedByMajority()
    {
        var configuration = core.Configuration;
        var (voters, wishing) = (0, 0);
        foreach (var member in configuration.Members)
        {
            if (member.Role != MemberRole.Voter) continue;
            voters++;
            if (_wishing.Contains(member.Id)) wishing++;
        }

        var outgoing = configuration.OutgoingVoters.ToArray();
        return wishing > voters / 2 && (outgoing.Length == 0 || outgoing.Count(_wishing.Contains) > outgoing.Length / 2);
    }
}

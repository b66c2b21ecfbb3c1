using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Simulation.Nodes;

namespace Balsa.Simulation.Oracles;

/// <summary>
/// What a node says is what its disk says: one vote a term and data directory over all restarts, no vote before it is on
/// disk, no acknowledgement of entries that are not.
/// </summary>
internal sealed class Promises(Verdicts verdicts)
{
    private readonly Dictionary<(ulong Incarnation, ulong Term), MemberId> _votes = [];
    private readonly HashSet<(ulong Voter, ulong Term, ulong Candidate)> _given = [];

    internal void OnSend(SimulatedNode node, in Message message)
    {
        // An old image does not know what it said later; the others must refuse to hear it.
        if (node.Harm == Harm.RolledBack) return;
        var says = !message.Has(MessageFlags.Reject);
        switch (message.Kind)
        {
            case MessageKind.Vote:
                OnVoted(node.Incarnation, message.Term, node.Id);
                CheckVoteIsDurable(node, message.Term, node.Id);
                break;
            case MessageKind.VoteResponse when says:
                _given.Add((node.Id.Value, message.Term.Value, message.To.Value));
                OnVoted(node.Incarnation, message.Term, message.To);
                CheckVoteIsDurable(node, message.Term, message.To);
                break;
            case MessageKind.AppendResponse when says:
                CheckEntriesAreDurable(node, message.Term, message.Match);
                break;
        }
    }

    internal void OnVoted(Incarnation incarnation, Term term, MemberId candidate)
    {
        if (_votes.TryAdd((incarnation.Value, term.Value), candidate)) return;
        var earlier = _votes[(incarnation.Value, term.Value)];
        if (earlier != candidate)
            verdicts.Report("one vote a term", $"directory {incarnation} voted for {earlier} and for {candidate} in term {term}");
    }

    /// <summary>Who leads was elected: a quorum really gave its votes, by what was sent and not by what was counted.</summary>
    internal void OnElected(SimulatedNode node, Term term)
    {
        var given = _given;
        bool VotedForIt(MemberId member) => member == node.Id
            ? node.Disk.Durable.HardState.Term >= term : given.Contains((member.Value, term.Value, node.Id.Value));
        if (!NaiveQuorum.Agrees(node.Log.Ruling, VotedForIt) && !NaiveQuorum.Agrees(node.Memory.Ruling, VotedForIt))
            verdicts.Report("votes of a quorum", $"{node.Id} leads term {term} without the votes of a quorum of {node.Log.Ruling}");
    }

    /// <summary>The leader to whom entries are acknowledged really has the same ones.</summary>
    internal void OnAcknowledged(SimulatedNode node, in Message message, SimulatedNode leader)
    {
        if (leader.Machine is not { Role: Raft.Role.Leader } machine || machine.Term != message.Term) return;
        if (message.Match > leader.Log.Last.Index || !leader.Log.TryChainAt(message.Match, out var theirs)) return;
        if (node.Disk.Durable.Term != message.Term || !node.Disk.Durable.Log.TryChainAt(message.Match, out var ours) || ours == theirs)
            return;
        verdicts.Report("match is true", $"{node.Id} acknowledges {message.Match} to {leader.Id}, whose log is another one there");
    }

    /// <summary>Leadership is passed on to whoever holds everything on its disk, or the hand-over only costs an election.</summary>
    internal void OnHandsOver(SimulatedNode leader, SimulatedNode target)
    {
        var durable = target.Disk.Durable;
        // It lost what it had, or a later leader took it away: the old leader cannot know.
        if (target.Harm != Harm.None || durable.Term > leader.Machine!.Term || durable.Log.Boundary.Index > leader.Log.Last.Index) return;
        if (durable.Log.TryChainAt(leader.Log.Last.Index, out var theirs) && theirs == leader.Log.LastChain) return;
        verdicts.Report("hand-over",
            $"{leader.Id} tells {target.Id} to campaign, whose log ends at {durable.Log.Last} and not at {leader.Log.Last}");
    }

    /// <summary>A leader that hands over takes no new commands: the target would never catch up.</summary>
    internal void OnAppends(SimulatedNode node, in EntryRef last)
    {
        if (node.Memory.HandsOver.Correlation == 0 || last.Kind != EntryKind.Data || last.Id.Term != node.Memory.HandsOver.Term) return;
        if (node.Machine is { Role: Raft.Role.Leader } machine && machine.Term == last.Id.Term)
            verdicts.Report("hand-over", $"{node.Id} hands over and appends the command {last.Id}");
    }

    private void CheckVoteIsDurable(SimulatedNode node, Term term, MemberId candidate)
    {
        var onDisk = node.Disk.Durable.HardState;
        if (onDisk.Term > term || (onDisk.Term == term && onDisk.VotedFor == candidate)) return;
        verdicts.Report("durable promises",
            $"{node.Id} gives its vote of term {term} to {candidate}; on disk is term {onDisk.Term}, vote {onDisk.VotedFor}");
    }

    private void CheckEntriesAreDurable(SimulatedNode node, Term term, LogIndex match)
    {
        var durable = node.Disk.Durable;
        if (durable.Term < term)
            verdicts.Report("durable promises", $"{node.Id} answers in term {term}, on disk is {durable.Term}");
        // In a later term the entries may have been cut again; the answer of the earlier one was still true.
        if (durable.Term != term || match <= durable.Log.Boundary.Index) return;
        if (durable.Log.TryChainAt(match, out var held)
            && (node.Machine!.Term > term || !node.Log.TryChainAt(match, out var said) || held == said)) return;
        verdicts.Report("durable promises", $"{node.Id} acknowledges {match} in term {term}; on disk its log ends at {durable.Log.Last}");
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>
/// What a member says is what its disk says: one vote a term and data directory over all starts, no vote and no
/// acknowledgement before it is durable, no leader without the votes of a quorum.
/// </summary>
internal sealed class PromiseJudge(FullRun world)
{
    private readonly Dictionary<(ulong Incarnation, ulong Term), MemberId> _votes = [];
    private readonly HashSet<(ulong Voter, ulong Term, ulong Candidate)> _given = [];

    internal void OnSend(FullNode node, in Message message)
    {
        if (message.Kind is not (MessageKind.PreVote or MessageKind.PreVoteResponse) && message.Term > node.PromisedTerm)
            node.PromisedTerm = message.Term;
        // An old image does not know what it said later; the others must refuse to hear it.
        if (node.Harm == Harm.RolledBack) return;
        var says = !message.Has(MessageFlags.Reject);
        if (node.Harm == Harm.TermLost) CheckDoesNotCount(node, message);
        switch (message.Kind)
        {
            case MessageKind.Vote: OnVote(node, message.Term, node.Id); break;
            case MessageKind.VoteResponse when says:
                _given.Add((node.Id.Value, message.Term.Value, message.To.Value));
                OnVote(node, message.Term, message.To);
                break;
            case MessageKind.AppendResponse when says: CheckAcknowledged(node, message.Term, message.Match); break;
            default: break;
        }
    }

    /// <summary>Who leads was elected, by what was sent and not by what was counted.</summary>
    internal void OnElected(FullNode node, Term term)
    {
        bool Voted(MemberId member) => member == node.Id
            ? node.Truth.Durable.HardState.Term >= term : _given.Contains((member.Value, term.Value, node.Id.Value));
        if (!NaiveQuorum.Agrees(node.Truth.Written.Ruling, Voted) && !NaiveQuorum.Agrees(node.Process!.Sights.Ruling, Voted))
            world.Verdicts.Report(
                "votes of a quorum", $"{node.Id} leads term {term} without the votes of a quorum of {node.Truth.Written.Ruling}");
    }

    /// <summary>Who does not know what it promised gives no vote, and says that its acknowledgements do not count.</summary>
    private void CheckDoesNotCount(FullNode node, in Message message)
    {
        var counts = message.Kind switch
        {
            MessageKind.Vote => true,
            MessageKind.VoteResponse => !message.Has(MessageFlags.Reject),
            MessageKind.AppendResponse or MessageKind.HeartbeatResponse => !message.Has(MessageFlags.NotCounted),
            _ => false,
        };
        if (counts) world.Verdicts.Report("lost terms never count", $"{node.Id} lost its term and sends {message.Kind} of {message.Term}");
    }

    private void OnVote(FullNode node, Term term, MemberId candidate)
    {
        if (!_votes.TryAdd((node.Incarnation.Value, term.Value), candidate) && _votes[(node.Incarnation.Value, term.Value)] != candidate)
            world.Verdicts.Report("one vote a term", $"{node.Id} voted for two in term {term}, the second is {candidate}");
        var onDisk = node.Truth.Durable.HardState;
        if (onDisk.Term > term || (onDisk.Term == term && onDisk.VotedFor == candidate)) return;
        world.Verdicts.Report(
            "durable promises", $"{node.Id} gives its vote of term {term} to {candidate}; on disk is {onDisk.Term}, {onDisk.VotedFor}");
    }

    private void CheckAcknowledged(FullNode node, Term term, LogIndex match)
    {
        var (durable, written) = (node.Truth.Durable, node.Truth.Written);
        if (durable.Term < term)
            world.Verdicts.Report("durable promises", $"{node.Id} answers in term {term}, on disk is {durable.Term}");
        // In a later term the entries may have been cut again; the answer of the earlier one was still true.
        if (durable.Term != term || match <= durable.Log.Boundary.Index) return;
        if (durable.Log.TryChainAt(match, out var held)
            && (node.Machine!.Term > term || !written.TryChainAt(match, out var said) || held == said)) return;
        world.Verdicts.Report(
            "durable promises", $"{node.Id} acknowledges {match} in term {term}; on disk its log ends at {durable.Log.Last}");
    }
}

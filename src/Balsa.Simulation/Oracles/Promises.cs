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

    private void CheckVoteIsDurable(SimulatedNode node, Term term, MemberId candidate)
    {
        var onDisk = node.Disk.Durable.HardState;
        if (onDisk.Term > term || (onDisk.Term == term && onDisk.VotedFor == candidate)) return;
        verdicts.Report("durable promises", $"{node.Id} gives its vote of term {term} to {candidate}; on disk is term {onDisk.Term}, vote {onDisk.VotedFor}");
    }

    private void CheckEntriesAreDurable(SimulatedNode node, Term term, LogIndex match)
    {
        var durable = node.Disk.Durable;
        if (durable.Term < term)
            verdicts.Report("durable promises", $"{node.Id} answers in term {term}, on disk is {durable.Term}");
        // In a later term the entries may have been cut again; the answer of the earlier one was still true.
        if (durable.Term != term || match <= durable.Log.Boundary.Index) return;
        if (durable.Log.TryChainAt(match, out var held) && (node.Machine!.Term > term || !node.Log.TryChainAt(match, out var said) || held == said)) return;
        verdicts.Report("durable promises", $"{node.Id} acknowledges {match} in term {term}; on disk its log ends at {durable.Log.Last}");
    }
}

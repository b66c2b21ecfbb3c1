using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>The rules of the algorithm, looked at from outside: leaders, terms, what is committed, and where it lies.</summary>
internal sealed class ConsensusJudge(FullRun world, CommittedLog history, PromiseJudge promises)
{
    private readonly OneLeaderATerm _oneLeader = new(world.Verdicts);
    private readonly BoundedTerms _terms = new(world.Verdicts);

    internal void AfterTurn(FullNode node, ReplicaMachine machine)
    {
        CheckNothingGoesBack(node, machine);
        // A start is a new time-out for everybody, and a transfer an election of its own.
        _terms.OnTerm(
            machine.Term, world.Now, world.Options.Raft.ElectionTimeout.Ticks, world.Nodes.Count, world.Operators.ElectionsAsked);
        if (machine.Role == Role.Leader) OnLeads(node, machine);
        if (machine.Commit > node.Process!.Sights.Commit) OnCommit(node, machine);
        node.Process.Sights.Ruling = node.Truth.Written.Ruling;
        CheckMembers(node, machine.Configuration, node.Truth.Written.Ruling);
    }

    /// <summary>They are read from the same bytes and are two objects; what they say is compared when one of them is another one.</summary>
    private void CheckMembers(FullNode node, Configuration own, Configuration inLog)
    {
        var seen = node.Process!.Sights;
        if (ReferenceEquals(own, inLog) || (ReferenceEquals(own, seen.Agreed.Own) && ReferenceEquals(inLog, seen.Agreed.InLog))) return;
        if (string.Equals(own.ToString(), inLog.ToString(), StringComparison.Ordinal)) seen.Agreed = (own, inLog);
        else world.Verdicts.Report("membership", $"{node.Id} goes by {own}; the last one in its log is {inLog}");
    }

    private void CheckNothingGoesBack(FullNode node, ReplicaMachine machine)
    {
        var seen = node.Process!.Sights;
        if (machine.Term < seen.Term || machine.Commit < seen.Commit || machine.Applied < seen.Applied)
            world.Verdicts.Report(
                "nothing goes back",
                $"{node.Id} went from term {seen.Term}, commit {seen.Commit}, applied {seen.Applied} "
                + $"to {machine.Term}, {machine.Commit}, {machine.Applied}");
        (seen.Term, seen.Applied) = (machine.Term, machine.Applied);
    }

    private void OnLeads(FullNode node, ReplicaMachine machine)
    {
        var (seen, log) = (node.Process!.Sights, node.Truth.Written);
        if (seen.LedTerm != machine.Term)
        {
            _oneLeader.OnLeads(node.Slot, node.Life, machine.Term);
            promises.OnElected(node, machine.Term);
            var needed = history.LastCommittedBefore(machine.Term);
            if (needed >= log.Boundary.Index && !(log.TryChainAt(needed, out var chain) && chain == history.ChainAt(needed)))
                world.Verdicts.Report(
                    "leader completeness",
                    $"{node.Id} leads term {machine.Term} without the committed entry {needed}; its log ends at {log.Last}");
        }
        else if (log.Last.Index < seen.LedLast.Index || (log.TryChainAt(seen.LedLast.Index, out var held) && held != seen.LedChain))
        {
            world.Verdicts.Report("leader append-only", $"{node.Id} leads term {machine.Term} and rewrote its log before {seen.LedLast}");
        }

        (seen.LedTerm, seen.LedLast, seen.LedChain) = (machine.Term, log.Last, log.LastChain);
    }

    private void OnCommit(FullNode node, ReplicaMachine machine)
    {
        var (seen, log) = (node.Process!.Sights, node.Truth.Written);
        var isNew = false;
        for (var index = seen.Commit.Next; index <= machine.Commit; index = index.Next)
        {
            if (!log.Has(index)) continue;
            ref readonly var stored = ref log[index];
            if (history.Knows(index))
            {
                if (history.ChainAt(index) != stored.Chain)
                    world.Verdicts.Report(
                        "state machine safety", $"{node.Id} calls something else committed at {index} than was committed before");
            }
            else if (index == history.Last.Next)
            {
                isNew = true;
                OnFirstCommitted(stored, machine.Term);
            }
            else
            {
                world.Verdicts.Report("state machine safety", $"{node.Id} calls {index} committed; nobody has committed what comes before");
            }
        }

        seen.Commit = machine.Commit;
        if (!isNew || machine.Role != Role.Leader || !log.Has(machine.Commit)) return;
        if (log.TermAt(machine.Commit) != machine.Term)
            world.Verdicts.Report("own term commits", $"{node.Id} of term {machine.Term} commits {machine.Commit} of an earlier term");
        CheckDurable(node, log[machine.Commit]);
    }

    private void OnFirstCommitted(in StoredEntry stored, Term term)
    {
        var before = history.Configuration!;
        history.Add(stored, term);
        if (stored.Configuration is { } known) OnMembersKnown(known);
        if (stored.Configuration is { } after && !NaiveQuorum.AlwaysOverlap(before, after))
            world.Verdicts.Report("membership", $"{before} and {after} follow each other and have quorums without a common member");
    }

    /// <summary>A new directory that the cluster has accepted under its own name owes nothing to the one before.</summary>
    private void OnMembersKnown(Configuration configuration)
    {
        foreach (var member in configuration.Members)
            if (world.NodeOf(member.Id) is { Harm: Harm.Wiped } node && node.Incarnation == member.Incarnation)
                (node.Harm, node.Truth.BeforeHarm) = (Harm.None, null);
    }

    /// <summary>What is called committed lies on the disks of a quorum, and not only in memory.</summary>
    private void CheckDurable(FullNode by, StoredEntry entry)
    {
        var index = entry.Entry.Id.Index;
        bool Holds(MemberId member)
        {
            var node = world.NodeOf(member);
            var log = node.Harm == Harm.None ? node.Truth.Durable.Log : node.Truth.BeforeHarm;
            if (log is null) return false;
            return log.TryChainAt(index, out var chain) ? chain == entry.Chain : index < log.Boundary.Index;
        }

        var (now, before) = (by.Truth.Written.Ruling, by.Process!.Sights.Ruling);
        if (!NaiveQuorum.Agrees(now, Holds) && (ReferenceEquals(now, before) || !NaiveQuorum.Agrees(before, Holds)))
            world.Verdicts.Report("committed is durable", $"{by.Id} calls {index} committed, but no quorum of {now} has it on disk");
    }
}

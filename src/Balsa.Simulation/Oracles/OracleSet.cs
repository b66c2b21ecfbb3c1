using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Oracles;

/// <summary>Looks at a node after each of its steps and passes what changed to the oracle that judges it.</summary>
internal sealed class OracleSet
{
    private readonly World _world;

    internal OracleSet(World world, Configuration founding)
    {
        _world = world;
        Committed.Found(founding);
        Verdicts = world.Verdicts;
        OneLeader = new(Verdicts);
        LogMatching = new(Verdicts);
        LeaderLogs = new(Verdicts, Committed);
        Applying = new(Verdicts, Committed);
        Durable = new(Verdicts, world.Nodes);
        Promises = new(Verdicts);
        GoesBack = new(Verdicts);
        Terms = new(Verdicts);
        Membership = new(Verdicts, Committed);
        Matches = new(Verdicts);
    }

    internal Verdicts Verdicts { get; }
    internal CommittedLog Committed { get; } = new();
    internal OneLeaderATerm OneLeader { get; }
    internal LogMatching LogMatching { get; }
    internal LeaderLogs LeaderLogs { get; }
    internal Applying Applying { get; }
    internal CommittedIsDurable Durable { get; }
    internal Promises Promises { get; }
    internal NothingGoesBack GoesBack { get; }
    internal BoundedTerms Terms { get; }
    internal MembershipRules Membership { get; }
    internal MatchIsTrue Matches { get; }

    internal void OnSend(SimulatedNode node, in Message message)
    {
        if (message.Term > node.PromisedTerm && message.Kind is not (MessageKind.PreVote or MessageKind.PreVoteResponse))
            node.PromisedTerm = message.Term;
        Promises.OnSend(node, message);
        if (message.Kind == MessageKind.TimeoutNow) Promises.OnHandsOver(node, _world.Nodes[(int)message.To.Value - 1]);
        if (message.Kind == MessageKind.AppendResponse && !message.Has(MessageFlags.Reject) && (int)message.To.Value <= _world.Nodes.Count)
            Promises.OnAcknowledged(node, message, _world.Nodes[(int)message.To.Value - 1]);
    }

    /// <summary>After a step whose effects have all been carried out.</summary>
    internal void AfterStep(SimulatedNode node, Machine machine)
    {
        GoesBack.OnStep(node, machine.Term, machine.Commit, machine.Applied);
        Terms.OnTerm(machine.Term, _world.Now, _world.Options.Raft.ElectionTimeout.Ticks, _world.Nodes.Count, _world.ElectionsAsked);
        if (machine.Role == Role.Leader)
        {
            if (node.Memory.LedTerm == machine.Term)
            {
                LeaderLogs.OnStillLeads(node);
            }
            else
            {
                OneLeader.OnLeads(node.Slot, node.Life, machine.Term);
                LeaderLogs.OnElected(node, machine.Term);
                Promises.OnElected(node, machine.Term);
            }
        }
        if (machine.Commit > node.Memory.Commit) OnCommit(node, machine.Commit);
        node.Memory.Ruling = node.Log.Ruling;
        Membership.OnStep(node, machine, _world.Now, 20 * _world.Options.Raft.ElectionTimeout.Ticks);
    }

    /// <summary>The power went out in the middle: what a leader had called committed may have left already.</summary>
    internal void AfterCrash(SimulatedNode node, Machine machine)
    {
        if (machine.Role == Role.Leader && machine.Commit <= node.Log.Last.Index && machine.Commit > node.Memory.Commit)
            OnCommit(node, machine.Commit);
    }

    private void OnCommit(SimulatedNode node, LogIndex commit)
    {
        var before = node.Memory.Commit;
        node.Memory.Commit = commit;
        for (var index = before.Next; index <= commit; index = index.Next)
        {
            if (!node.Log.Has(index)) continue;
            ref readonly var stored = ref node.Log[index];
            if (Committed.Knows(index)) CheckSame(node, index, stored.Chain);
            else if (index == Committed.Last.Next) OnFirstCommitted(stored, node.Machine!.Term);
            else Verdicts.Report("state machine safety", $"{node.Id} calls {index} committed; nobody has committed what comes before");
            if (index == commit && Committed.Last == commit && _newlyCommitted)
                Durable.OnCommitted(node, node.Log.Ruling, node.Memory.Ruling, index, stored.Chain);
        }
        if (_newlyCommitted && node.Machine!.Role == Role.Leader && node.Log.Has(commit) && node.Log.TermAt(commit) != node.Machine.Term)
            Verdicts.Report("own term commits",
                $"{node.Id} of term {node.Machine.Term} commits {commit}, an entry of term {node.Log.TermAt(commit)}, by counting");
        _newlyCommitted = false;
    }

    private bool _newlyCommitted;

    private void OnFirstCommitted(in Storage.StoredEntry stored, Term term)
    {
        _newlyCommitted = true;
        var before = Committed.Configuration!;
        Committed.Add(stored, term);
        if (stored.Configuration is { } after)
        {
            Membership.OnConfigurationCommitted(before, after);
            _world.Lifecycle.OnMembersKnown(after);
        }
        _world.Requests.OnCommitted(stored.Entry);
    }

    private void CheckSame(SimulatedNode node, LogIndex index, ulong chain)
    {
        if (Committed.ChainAt(index) != chain)
            Verdicts.Report("state machine safety", $"{node.Id} calls something else committed at {index} than was committed before");
    }
}

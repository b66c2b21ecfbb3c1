using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.Worlds;

/// <summary>
/// The end of a seed: the faults stop, some members stay dead for good, and the rest must get everything done in bounded
/// time. Then two small exams in good weather: a live leader stays, and a leader without a quorum goes.
/// </summary>
internal sealed class Finale(World world, Dice dice)
{
    private enum Phase : byte { Faults, Recovering, LiveLeaderStays, SilentDiskGoes, LonelyLeaderGoes, RecoveringAgain, Over }

    private Phase _phase;
    private long _began, _deadline;
    private Term _term;
    private SimulatedNode? _leader;
    private ulong _fresh;

    internal bool IsOver => _phase == Phase.Over;

    /// <summary>Why the cluster did not recover; null when it did.</summary>
    internal string? Stuck { get; private set; }

    /// <summary>So many voters were lost at once that nothing could be demanded.</summary>
    internal bool IsBeyondBudget { get; private set; }

    private long Election => world.Options.Raft.ElectionTimeout.Ticks;

    internal void OnPhase()
    {
        switch (_phase)
        {
            case Phase.Faults: Heal(); break;
            case Phase.Recovering or Phase.RecoveringAgain: CheckRecovered(); break;
            case Phase.LiveLeaderStays: JudgeLiveLeader(); break;
            case Phase.SilentDiskGoes: JudgeSilentDisk(); break;
            case Phase.LonelyLeaderGoes: JudgeLonelyLeader(); break;
        }
    }

    private void Heal()
    {
        world.Timing.IsCalm = true;
        world.Clients.AreQuiet = true;
        world.Network.Links.HealAll();
        KillSome();
        foreach (var node in world.Nodes)
        {
            (node.StepCost, node.BusyUntil, node.NextSyncFails, node.EffectsUntilCrash) = (0, 0, false, 0);
            world.Disks.Unstall(node);
            if (node.State is NodeState.Down) world.Lifecycle.Start(node);
            if (node.PausedUntil > world.Now) node.PausedUntil = world.Now;
            world.Driver.OnResume(node);
        }
        Await(Phase.Recovering);
    }

    private void KillSome()
    {
        if (dice.Chance(500)) return;
        var first = dice.Below(world.Nodes.Count);
        for (var i = 0; i < world.Nodes.Count; i++)
        {
            var node = world.Nodes[(first + i) % world.Nodes.Count];
            if (node.State is NodeState.Up or NodeState.Down && dice.Chance(600) && world.Budget.MayLose(node)) world.Lifecycle.Bury(node);
        }
    }

    private void Await(Phase phase)
    {
        (_phase, _began, _fresh) = (phase, world.Now, 0);
        _deadline = world.Now + 30 * Election + 2 * world.Options.Raft.SnapshotStall.Ticks + 3 * TimeSpan.TicksPerSecond;
        Later(Election / 2);
    }

    private void Later(long ticks) => world.Queue.Add(world.Now + ticks, EventKind.PhaseEnds, 0);

    private void CheckRecovered()
    {
        if (WhatIsMissing() is { } missing)
        {
            if (IsStillMoving()) _deadline = Math.Max(_deadline, world.Now + 10 * Election);
            if (world.Now < _deadline)
            {
                Later(Election / 2);
                return;
            }
            IsBeyondBudget = !SoundQuorumIsLeft();
            if (!IsBeyondBudget) Stuck = missing;
            _phase = Phase.Over;
            return;
        }
        _leader = world.FindLeader()!;
        _term = _leader.Machine!.Term;
        if (_phase == Phase.RecoveringAgain) _phase = Phase.Over; else BeginExams();
    }

    private bool SoundQuorumIsLeft()
    {
        foreach (var node in world.Nodes)
            if (node.IsUp && node.Harm == Harm.None && !world.Budget.Survives(node.Log.Ruling, default)) return false;
        return world.Budget.Survives(world.Oracles.Committed.Configuration!, default);
    }

    /// <summary>Whoever has far to go may take longer, as long as it goes on.</summary>
    private bool IsStillMoving()
    {
        ulong sum = 0;
        foreach (var node in world.Nodes)
            if (node.IsUp) sum += node.Applied.Value + node.Log.Last.Index.Value;
        // A leader that goes back step by step, to where a peer agrees, is moving too.
        if (world.FindLeader() is { } leader)
            foreach (var node in world.Nodes)
                if (leader.Machine!.TryGetPeer(node.Id, out var peer)) sum += peer.Next.Value;
        var moves = sum != _sum && world.Now < _began + 120 * TimeSpan.TicksPerSecond;
        _sum = sum;
        return moves;
    }

    private ulong _sum;

    /// <summary>What the healed cluster still owes; null when it owes nothing.</summary>
    private string? WhatIsMissing()
    {
        if (world.FindLeader() is not { } leader) return "no leader";
        var machine = leader.Machine!;
        ProposeFresh(leader);
        if (world.Requests.OldestOpen(_began, leader.Log.Ruling) is > 0 and var open)
            return $"request {open} ({world.Requests[open].Kind} at n{world.Requests[open].Slot + 1}) has no answer";
        if (_freshIndex == LogIndex.Zero) return $"a fresh command is not committed by {leader.Id}";
        if (leader.Log.Ruling.IsJoint) return $"the joint configuration {leader.Log.Ruling} is not left";
        foreach (var member in leader.Log.Ruling.Members)
        {
            var node = world.Nodes[(int)member.Id.Value - 1];
            if (!node.IsUp || node.Harm is not (Harm.None or Harm.Damaged)) continue;
            if (node.Applied < _freshIndex) return $"{node.Id} has applied {node.Applied} of {_freshIndex}";
            if (node.Machine!.Mode == RecoveryMode.Repairing) return $"{node.Id} is still repairing";
        }
        return machine.Role == Role.Leader ? null : "the leader left";
    }

    private LogIndex _freshIndex;
    private long _proposedAt;

    /// <summary>One new command a time-out, until one is done.</summary>
    private void ProposeFresh(SimulatedNode leader)
    {
        if (_fresh == 0) _freshIndex = LogIndex.Zero;
        if (_freshIndex > LogIndex.Zero) return;
        if (_fresh > 0 && world.Requests.DoneAt(_fresh) is { } done)
        {
            _freshIndex = done;
            return;
        }
        if (_fresh > 0 && world.Now - _proposedAt < 2 * Election) return;
        _proposedAt = world.Now;
        var proposal = world.Clients.NewProposal(leader, -1);
        _fresh = proposal.Correlation.Value;
        Action<SimulatedNode, Machine> propose = (_, machine) => machine.Propose([proposal]);
        world.Queue.Add(world.Now, EventKind.Operate, leader.Slot, leader.Life, 0, 0, propose);
    }

    private void BeginExams()
    {
        var raft = world.Options.Raft;
        var victim = PickFollower();
        if (!raft.PreVote || !raft.CheckQuorum || raft.LeaderTenureMax > TimeSpan.Zero || victim is null
            || world.Network.HandOverTerm == _term)
        {
            BeginSilentDisk();
            return;
        }
        _phase = Phase.LiveLeaderStays;
        world.Network.Links.Cut(_leader!.Slot, victim.Slot);
        world.Network.Links.Cut(victim.Slot, _leader.Slot);
        Later(10 * Election);
    }

    private void JudgeLiveLeader()
    {
        if (_leader!.Machine is not { Role: Role.Leader } machine || machine.Term != _term)
            world.Verdicts.Report("a live leader stays",
                $"{_leader.Id} led term {_term} with a quorum and was unseated by a member that could not hear it");
        world.Network.Links.HealAll();
        BeginSilentDisk();
    }

    /// <summary>The leader's disk answers no more; its heartbeats must not keep the others from going on.</summary>
    private void BeginSilentDisk()
    {
        var limit = world.Options.Raft.SlowDiskHandoff.Ticks;
        if (limit == 0 || PickFollower() is null || world.FindLeader() is not { } leader)
        {
            BeginLonely();
            return;
        }
        (_leader, _term, _phase) = (leader, leader.Machine!.Term, Phase.SilentDiskGoes);
        var patience = 2 * limit + 6 * Election;
        leader.DiskStalledUntil = world.Now + 10 * patience;
        (_fresh, _freshIndex) = (0, LogIndex.Zero);
        ProposeFresh(leader);
        Later(patience);
    }

    private void JudgeSilentDisk()
    {
        if (_leader!.Machine is { Role: Role.Leader } machine && machine.Term == _term && _leader.Disk.Syncing > 0)
            world.Verdicts.Report("a silent disk goes", $"{_leader.Id} leads term {_term} and its disk has not answered for long");
        world.Disks.Unstall(_leader);
        BeginLonely();
    }

    private void BeginLonely()
    {
        if (!world.Options.Raft.CheckQuorum || PickFollower() is null)
        {
            _phase = Phase.Over;
            return;
        }
        _leader = world.FindLeader() ?? _leader;
        _term = _leader!.Machine!.Term;
        _phase = Phase.LonelyLeaderGoes;
        foreach (var node in world.Nodes)
        {
            world.Network.Links.Cut(_leader.Slot, node.Slot);
            world.Network.Links.Cut(node.Slot, _leader.Slot);
        }
        Later(4 * Election);
    }

    private void JudgeLonelyLeader()
    {
        if (_leader!.Machine is { Role: Role.Leader } machine && machine.Term == _term)
            world.Verdicts.Report("a lonely leader goes", $"{_leader.Id} still leads term {_term} after four time-outs without a quorum");
        world.Network.Links.HealAll();
        Await(Phase.RecoveringAgain);
    }

    /// <summary>A live voter beside the leader, in a cluster that can spare its word.</summary>
    private SimulatedNode? PickFollower()
    {
        if (world.FindLeader() is not { } leader) return null;
        var configuration = leader.Log.Ruling;
        SimulatedNode? found = null;
        foreach (var member in configuration.Members)
        {
            if (member.Role != MemberRole.Voter || member.Id == leader.Id || !world.Budget.IsSound(member.Id)) continue;
            var node = world.Nodes[(int)member.Id.Value - 1];
            if (node.IsUp && world.Budget.Survives(configuration, member.Id)) found = node;
        }
        return found;
    }
}

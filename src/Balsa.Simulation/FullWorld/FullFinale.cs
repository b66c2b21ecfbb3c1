using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Recovery;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.FullWorld;

/// <summary>
/// The end of a seed: the faults stop, some members stay dead for good, and the rest must get everything done in bounded
/// time. Then all machines lose power at once, and what was answered must be on the disks of a quorum.
/// </summary>
internal sealed class FullFinale(FullRun world, Dice dice)
{
    private enum Phase : byte { Faults, Recovering, RecoveringAgain, Over }

    private const long LookTicks = 100 * TimeSpan.TicksPerMillisecond;

    private Phase _phase;
    private long _began, _deadline;
    private Call? _fresh;
    private ulong _moved;

    internal bool IsOver => _phase == Phase.Over;

    /// <summary>Why the cluster did not recover; null when it did.</summary>
    internal string? Stuck { get; private set; }

    /// <summary>So many voters were lost at once that nothing could be demanded.</summary>
    internal bool IsBeyondBudget { get; private set; }

    private long Election => world.Options.Raft.ElectionTimeout.Ticks;

    internal void OnPhase()
    {
        if (_phase == Phase.Faults) Heal();
        else CheckRecovered();
    }

    private void Heal()
    {
        world.IsCalm = world.Timing.IsCalm = true;
        world.Callers.AreQuiet = true;
        world.Wires.HealAll();
        KillSome();
        foreach (var node in world.Nodes)
        {
            (node.TurnCost, node.StepsUntilCrash) = (0, 0);
            node.Disk.Faults.Heal();
            if (node.State is NodeState.Down) world.Lifecycle.Start(node);
            if (node.Process is not { } process) continue;
            if (process.Store is { IsHarmed: true } or { WillThrow: true })
            {
                // What is set aside is started again, as its message says.
                world.Lifecycle.CrashAndRestart(node, 0);
                continue;
            }

            node.PausedUntil = Math.Min(node.PausedUntil, world.Now);
            process.Lanes.MoveTo(world.Now);
            process.Lanes.Hurry();
            world.Lifecycle.OnResume(node);
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
        (_phase, _began, _fresh) = (phase, world.Now, null);
        _deadline = world.Now + 30 * Election + 5 * TimeSpan.TicksPerSecond;
        Later();
    }

    private void Later() => world.Queue.Add(world.Now + LookTicks, EventKind.PhaseEnds, 0);

    private void CheckRecovered()
    {
        if (WhatIsMissing() is { } missing)
        {
            // A snapshot whose way back had broken begins again when it is seen to stall.
            if (IsStillMoving()) _deadline = Math.Max(_deadline, world.Now + 10 * Election + 2 * world.Options.Raft.SnapshotStall.Ticks);
            if (world.Now < _deadline)
            {
                Later();
                return;
            }

            IsBeyondBudget = !world.Budget.Survives(world.Judges.History.Configuration!, default);
            if (!IsBeyondBudget) Stuck = missing;
            if (world.Trace.IsHeard) Describe();
            _phase = Phase.Over;
            return;
        }

        CheckContents();
        if (_phase == Phase.Recovering)
        {
            CutPower();
            return;
        }

        CheckDisks();
        _phase = Phase.Over;
    }

    private void Describe()
    {
        foreach (var node in world.Nodes)
        {
            if (node.Machine is not { } machine) continue;
            world.Trace.Line(
                $"    {node.Id} (build {machine.Self.FeatureLevel}, harm {node.Harm}) is {machine.Role} of term {machine.Term}, "
                + $"commit {machine.Commit}, applied {machine.Applied}, written to {node.Truth.Written.Last}, "
                + $"durable to {node.Truth.Durable.Log.Last}, {node.Truth.Pending} pending, goes by {machine.Configuration}");
            foreach (var lane in node.Process!.Lanes.Describe()) world.Trace.Line($"    {node.Id} {lane}");
        }
    }

    /// <summary>Whoever has far to go may take longer, as long as it goes on.</summary>
    private bool IsStillMoving()
    {
        var sum = 0UL;
        foreach (var node in world.Nodes)
            if (node.Process is { } process) sum += (node.Machine?.Applied.Value ?? 0) + (ulong)process.Lanes.Steps;
        var moves = sum != _moved && world.Now < _began + 60 * TimeSpan.TicksPerSecond;
        _moved = sum;
        return moves;
    }

    /// <summary>What the healed cluster still owes; null when it owes nothing.</summary>
    private string? WhatIsMissing()
    {
        if (world.FindLeader() is not { } leader) return "no leader";
        if (FreshIndex(leader) is not { } fresh) return $"a fresh command is not done by {leader.Id}";
        if (LeaseWithoutOwner() is { } lease) return lease;
        foreach (var node in world.Nodes)
        {
            if (node.Harm is not (Harm.None or Harm.Damaged) || node.State == NodeState.Gone) continue;
            if (node.IsServing && IsRemovedForGood(node.Id) && KnowsOneOf(leader, node)) return $"{node.Id} was removed and goes on";
            if (leader.Machine!.Configuration.Find(node.Id) is null || TakesForAnother(node, leader)) continue;
            if (node.Machine is not { } machine) return $"{node.Id} does not run";
            if (machine.Applied < fresh) return $"{node.Id} has applied {machine.Applied} of {fresh}";
            if (machine.Mode == RecoveryMode.Repairing) return $"{node.Id} is still repairing";
            foreach (var attempt in node.Process!.Calls)
                if (attempt.Call.BegunAt < _began) return $"{attempt.Call} has no answer of {node.Id}";
        }

        return world.Builds.WhatIsMissing(leader);
    }

    /// <summary>Each leader gives every lease its time anew, so leaders that come and go may keep one for ever.</summary>
    private string? LeaseWithoutOwner()
    {
        if (world.Options.Raft.LeaderTenureMax > TimeSpan.Zero || world.Judges.Model.Leases.All is not [var first, ..]) return null;
        return $"lease {first.Id} of {first.Seconds} s does not end, and nobody keeps it alive";
    }

    /// <summary>Where all whom it knew are gone, or have lost what they knew, there is nobody to tell it.</summary>
    private bool KnowsOneOf(FullNode leader, FullNode removed)
    {
        foreach (var member in leader.Machine!.Configuration.Members)
        {
            var other = world.NodeOf(member.Id);
            if (other is { IsServing: true, Harm: Harm.None } && removed.Process!.Gateway!.Reaches(other.Id)) return true;
        }

        return false;
    }

    /// <summary>
    /// Where ids are given again, an old directory can come back that knows the leader's id by the directory before it. It refuses the
    /// leader as somebody else, and rightly so: nothing but the log could tell it otherwise.
    /// </summary>
    private bool TakesForAnother(FullNode node, FullNode leader) => world.Options.Raft.ReuseRemovedIds
        && node.Machine?.Configuration.Find(leader.Id) is { Incarnation.IsNotStarted: false } known
        && known.Incarnation != leader.Incarnation;

    private bool IsRemovedForGood(MemberId member) => !world.Options.Raft.ReuseRemovedIds && world.Judges.HasRemoved(member);

    /// <summary>One new command a time-out, until one is done.</summary>
    private LogIndex? FreshIndex(FullNode leader)
    {
        if (_fresh is { State: CallState.Done }) return world.Judges.Calls.Answered;
        if (_fresh is not { IsOpen: true }) _fresh = world.Callers.BeginFresh(leader.Slot);
        return null;
    }

    /// <summary>Every member shows the content of the model, and all who watch have seen all of it.</summary>
    private void CheckContents()
    {
        world.Watchers.CheckComplete();
        foreach (var node in world.Nodes)
        {
            if (!node.IsServing || node.Process!.Sights.AsideTurns > 0) continue;
            world.Judges.Calls.OnRead(node, new Call(0, 0, CallKind.LocalRead) { Query = new PlainRange([0], [0]) });
        }
    }

    private void CutPower()
    {
        foreach (var node in world.Nodes)
        {
            if (node.Process is null) continue;
            world.Lifecycle.Crash(node, CrashRule.KeepsNothing);
            world.Lifecycle.Start(node);
        }

        Await(Phase.RecoveringAgain);
    }

    /// <summary>Read back after the power cut: all that anybody was ever told of is there, on the disks of a quorum.</summary>
    internal void CheckDisks()
    {
        var (history, answered) = (world.Judges.History, world.Judges.Calls.Answered);
        bool Holds(MemberId member) =>
            world.NodeOf(member).Truth.Durable.Log.TryChainAt(answered, out var chain) && chain == history.ChainAt(answered);
        if (answered > LogIndex.Zero && !NaiveQuorum.Agrees(history.Configuration!, Holds))
            world.Verdicts.Report("answered is durable", $"no quorum of {history.Configuration} has {answered} on disk");
    }
}

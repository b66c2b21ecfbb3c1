using Balsa.Node.Logs;
using Balsa.Raft;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Contracts;
using Balsa.Replica.Hosting;
using Balsa.Simulation.Disks;
using Balsa.Simulation.Disks.Lanes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Wires;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;
using Balsa.Storage;
using Balsa.Storage.Opening;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>Starts processes step by step, moves their lanes, and ends them in every way.</summary>
internal sealed class MemberLifecycle(FullRun world, Dice dice)
{
    private ulong _lives;

    internal void Start(FullNode node)
    {
        if (node.State is NodeState.Up or NodeState.Gone || node.StaysDown) return;
        node.State = NodeState.Up;
        node.Life = ++_lives;
        node.Build = world.Builds.Of(node);
        (node.PausedUntil, node.TurnCost) = (0, 0);
        var options = new OpeningOptions
        {
            Path = FullNode.Directory, Owner = new Balsa.Storage.DirectoryIdentity(FullOptions.Cluster, node.Id, node.Incarnation),
            Founding = node.Founding, Wal = world.Options.Wal,
        };
        node.Process = new Process(world, node, options, NewClock(), dice.Fork(node.Life));
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} starts (life {node.Life})");
        ArmLanes(node);
    }

    /// <summary>One or more half steps of the lanes are due.</summary>
    internal void OnLanes(FullNode node, long scheduled)
    {
        var process = node.Process!;
        if (process.LanesAt != scheduled) return;
        process.LanesAt = long.MaxValue;
        if (node.PausedUntil > world.Now) return;
        while (process.Lanes.Failed is null && process.Lanes.NextAt <= world.Now)
        {
            process.Lanes.Advance(world.Now);
            if (node.StepsUntilCrash > 0 && --node.StepsUntilCrash == 0)
            {
                world.Faults.Hit(FaultKind.CrashInRun);
                CrashAndRestart(node, Pause());
                return;
            }

            if (process.Machine is null && process.Opening is { State: LaneState.Ended, Failure: null } && !Open(node, process)) return;
        }

        if (process.Lanes.Failed is { } failed) OnLaneFailed(node, process, failed);
        else if (process.HasEnded) EndInOrder(node);
        else ArmLanes(node);
    }

    internal void ArmLanes(FullNode node)
    {
        var process = node.Process!;
        var next = Math.Max(process.Lanes.NextAt, world.Now);
        if (process.Lanes.NextAt == long.MaxValue || process.LanesAt <= next) return;
        process.LanesAt = next;
        world.Queue.Add(next, EventKind.LanesWork, node.Slot, node.Life);
    }

    internal void OnResume(FullNode node)
    {
        if (node.PausedUntil > world.Now) return;
        var process = node.Process!;
        process.LanesAt = long.MaxValue;
        process.Pump.Forget();
        process.Lanes.MoveTo(world.Now);
        ArmLanes(node);
        if (!node.IsServing) return;
        world.Pumps.Nudge(node);
    }

    /// <summary>The power is cut, or the process is killed.</summary>
    internal void Crash(FullNode node, CrashRule rule)
    {
        if (node.Process is null) return;
        if (!node.Disk.IsCold) world.Faults.Hit(FaultKind.KeepsNothing + (int)rule);
        End(node);
        if (rule == CrashRule.KeepsEverything) node.Disk.Kill();
        else node.Disk.Crash(SurvivalOf(node, rule));
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} crashes ({rule})");
    }

    internal void CrashAndRestart(FullNode node, long after)
    {
        if (node.Process is null) return;
        Crash(node, AnyRule());
        // Restarted often enough, an old image would have as many boots as its peers know, and pass for the newest.
        if (node.Harm == Harm.RolledBack) node.State = NodeState.Gone;
        else RestartAfter(node, after);
    }

    internal void RestartAfter(FullNode node, long after) =>
        world.Queue.Add(world.Now + (world.IsCalm ? TimeSpan.TicksPerMillisecond : after), EventKind.Start, node.Slot);

    /// <summary>Never again.</summary>
    internal void Bury(FullNode node)
    {
        if (node.Process is not null) Crash(node, CrashRule.KeepsEverything);
        node.State = NodeState.Gone;
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} is gone for good");
    }

    internal void OnStoppedItself(FullNode node)
    {
        var why = node.Machine!.StopReason;
        if (node.Machine.WasRemoved)
        {
            if (!node.Machine.HasStopped && IsMemberAgain(node)) world.Pumps.Arm(node);
            else Bury(node);
            return;
        }

        if (why is StopReason.SecondLeaderInTerm or StopReason.ConflictingSnapshot or StopReason.UnknownFeatureLevel)
            world.Verdicts.Report($"invariant: {why}", $"{node.Id} stopped itself");
        CrashAndRestart(node, Pause());
    }

    /// <summary>
    /// Where ids are given again, a member that has been added once more reads in the log of its earlier removal, and that is news of
    /// the past. Whoever added it keeps it running: taken away for good it would count as a voter that no budget knows to be lost.
    /// </summary>
    private bool IsMemberAgain(FullNode node)
    {
        if (!world.Options.Raft.ReuseRemovedIds) return false;
        if (world.Budget.IsMember(node.Id)) return true;
        var committed = world.Judges.History.Last;
        foreach (var other in world.Nodes)
        {
            var written = other.Truth.Written;
            if (other.State == NodeState.Gone || written.ConfigurationsAfter(committed) == 0) continue;
            if (written.Ruling.Find(node.Id) is not null) return true;
        }

        return false;
    }

    /// <summary>Answers everyone, closes the log, and ends when the lanes have.</summary>
    internal void ShutDown(FullNode node)
    {
        if (!node.IsServing || !world.Pumps.Try(node, static (node, _) => node.Machine!.Shutdown())) return;
        Untaken.Refuse(node.Process!.Inbox);
        world.Judges.AfterTurn(node);
        world.Calls.CheckNoneOpen(node, "was shut down");
        world.Wires.OnProcessEnds(node);
        node.Process!.Stop();
    }

    internal CrashRule AnyRule() => (CrashRule)dice.Below(5);

    /// <summary>Mostly at once, sometimes for so long that the others go on without it.</summary>
    internal long Pause() => dice.Chance(700)
        ? dice.Between(1L, 500) * TimeSpan.TicksPerMillisecond : dice.Between(500L, 10_000) * TimeSpan.TicksPerMillisecond;

    private void EndInOrder(FullNode node)
    {
        End(node);
        node.Disk.Kill();
        RestartAfter(node, Pause());
    }

    private void End(FullNode node)
    {
        world.Trace.Take(node.Disk.Trace);
        world.Calls.OnProcessEnds(node);
        world.Wires.OnProcessEnds(node);
        node.Process = null;
        node.State = NodeState.Down;
        node.StepsUntilCrash = 0;
        node.Disk.Faults.Heal();
    }

    /// <summary>The directory is open and read: the replica begins to live. False when what was found cannot be.</summary>
    private bool Open(FullNode node, Process process)
    {
        node.Refusals = 0;
        var found = process.Disk.Log;
        var image = new DiskImage(found.BaseConfiguration) { HardState = found.HardState, Mode = found.Mode, Boots = found.Boot.Value };
        image.Log.Reset(new SnapshotRecord(found.Base, world.ChainOf(found.Base), found.BaseConfiguration));
        foreach (var entry in process.Found) image.Log.Append(DirectoryTruth.Store(entry, image.Log));
        if (!world.Judges.OnStart(node, image)) return false;
        var log = world.Maker.MakeLog(process, io => OnDurable(node, process, io));
        process.Furnish(new Gateway(world, node, found.Peers, log.Note));
        process.Sights.BeginLife(node.Truth);
        process.Machine = MakeReplica(node, process, found, new LogTap(world, node, log.Writer));
        process.Machine.Woken = () => world.Pumps.Nudge(node);
        process.Work(log.Source);
        process.Gateway!.Open();
        world.Pumps.Nudge(node);
        return true;
    }

    private ReplicaMachine MakeReplica(FullNode node, Process process, OpenedLog found, LogTap log)
    {
        var raft = world.Options.Raft with
        {
            Self = node.Id, Incarnation = node.Incarnation, Boot = found.Boot, FeatureLevel = node.Build,
            Seed = Mixing.Mix(world.Seed, Mixing.Mix((ulong)node.Slot, node.Life)),
        };
        var recovered = new RecoveredState(found.Base, found.BaseConfiguration) { HardState = found.HardState, Mode = found.Mode };
        var start = process.Disk.Newest is { } newest
            ? new ReplicaStart(process.Found, newest, process.Intake.Adopt()) : new ReplicaStart(process.Found);
        return world.Maker.Make(
            new ReplicaOptions
            {
                Raft = raft, CacheBytesMax = world.Options.CacheBytesMax, HashEvery = world.Options.HashEvery, Note = Note(node),
                Diverged = index => OnDiverged(node, index),
            },
            recovered, start,
            new ReplicaParts(log, process.Disk.Reader, process.Disk.Shelf, process.Gateway!, process.Store), process.Clock.At(world.Now));
    }

    /// <summary>
    /// The difference must be one that the world has made: somebody told of a spoiled state, or the state of this member is spoiled.
    /// While it was alone it told nobody, and whoever joins then contradicts it.
    /// </summary>
    internal void OnDiverged(FullNode node, Raft.Log.LogIndex index)
    {
        if (index > world.Judges.Applying.SpoiledUpTo && !node.Process!.Store.IsSpoiledAt(index))
            world.Verdicts.Report("equal states", $"{node.Id} sees members that differ at {index}");
    }

    private void OnDurable(FullNode node, Process process, Raft.Effects.IoSeq upTo)
    {
        world.Trace.Take(upTo.Value);
        node.Truth.OnDurable(upTo);
        process.Machine!.OnDurable(upTo);
        if (node.IsServing) world.Pumps.Nudge(node);
    }

    private Action<string> Note(FullNode node) => world.Trace.IsHeard ? line => world.Trace.Line($"    {node.Id} {line}") : _ => { };

    /// <summary>A failed step ends the node, and nothing is tried again before the next start.</summary>
    private void OnLaneFailed(FullNode node, Process process, Lane failed)
    {
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} {failed.Name} failed: {failed.Failure!.Message}");
        if (failed.Failure is not StorageException)
        {
            world.Verdicts.Report("planners hold", $"{failed.Name} of {node.Id}: {failed.Failure}");
            return;
        }

        var isExplained = node.Disk.Faults.HasHit || node.Harm != Harm.None;
        if (!isExplained) world.Verdicts.Report("no false alarm", $"{failed.Name} of {node.Id}: {failed.Failure.Message}");
        if (node.Disk.Faults.HasHit) world.Faults.Hit(node.FailureToCome);
        var refused = process.Machine is null;
        End(node);
        node.Disk.Kill();
        if (refused && node.Harm is Harm.Damaged or Harm.TermLost && ++node.Refusals > 2) Bury(node);
        else RestartAfter(node, Pause());
    }

    private ISurvival SurvivalOf(FullNode node, CrashRule rule) => rule switch
    {
        CrashRule.KeepsNothing => Survival.Nothing,
        CrashRule.KeepsPrefix => Survival.UpTo(node.Disk.Steps - dice.Below(6)),
        _ => Survival.AnySubset(dice),
    };

    private NodeClock NewClock()
    {
        var drift = world.Options.Raft.ClockDriftPermille;
        var permille = 1000;
        if (world.Options.Has(FaultKind.ClockRate))
        {
            world.Faults.Hit(FaultKind.ClockRate);
            permille = dice.Between(1000 - drift, 1000 + drift);
        }

        world.Faults.Hit(FaultKind.ClockOrigin);
        if (world.Options.Raft.LeaderTenureMax > TimeSpan.Zero) world.Faults.Hit(FaultKind.Tenure);
        return new NodeClock(dice.Below(1L << 50), world.Now, permille);
    }
}

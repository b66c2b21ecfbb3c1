using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios.Commands;

/// <summary>Slow and failing disks, slow state machines, snapshots and their way from node to node.</summary>
internal sealed class DiskCommands<TProbe>(ScenarioCluster<TProbe> cluster) where TProbe : struct, IProbe
{
    internal void AddTo(SortedDictionary<string, Action<CommandLine>> commands)
    {
        commands["disk"] = Disk;
        commands["apply"] = Apply;
        commands["snapshot"] = Snapshot;
        commands["set-aside"] = line => cluster[line.Number()].Input(core => core.SetAside(true));
        commands["take-back"] = line => cluster[line.Number()].Input(core => core.SetAside(false));
        commands["transfers"] = line => cluster.Transfers.AreHeld = line.Word() == "hold";
        commands["snapshot-arrives"] = SnapshotArrives;
        commands["snapshot-moves"] = SnapshotMoves;
        commands["snapshot-breaks"] = SnapshotBreaks;
        commands["snapshot-refused"] = SnapshotRefused;
    }

    /// <summary>disk N hold | go | sync [K] | fail [reason]: sync makes the oldest K operations durable.</summary>
    private void Disk(CommandLine line)
    {
        var node = cluster[line.Number()];
        switch (line.Word())
        {
            case "hold": node.Disk.IsHeld = true; break;
            case "go": node.Disk.IsHeld = false; break;
            case "sync": node.Sync(line.NumberOr(int.MaxValue)); break;
            case "fail": node.Input(core => core.OnStorageFault(StopReason.SyncFailed)); break;
            case var other: throw new ScenarioException($"a disk cannot '{other}'.");
        }
    }

    private void Apply(CommandLine line)
    {
        var node = cluster[line.Number()];
        node.IsApplyHeld = line.Word() == "hold";
        node.ReportApplied();
    }

    /// <summary>snapshot N [at I]: of what the state machine holds now, or held at an earlier index.</summary>
    private void Snapshot(CommandLine line)
    {
        var node = cluster[line.Number()];
        var index = line.Takes("at") ? new LogIndex((ulong)line.Number()) : node.Core.Applied;
        if (node.Disk.Stable.At(index) is not { } last) throw new ScenarioException($"entry {index} is not on the disk of {node.Id}.");
        var newer = 0;
        for (var later = index.Next; later <= node.AppliedByState; later = later.Next)
            if (node.Disk.Seen.At(later) is { Entry.Kind: EntryKind.Data }) newer++;
        var image = new SnapshotImage(last.Entry.Id, node.Core.ConfigurationAt(index), [.. node.State.Take(node.State.Count - newer)]);
        node.Disk.WriteThrough(log => log.Snapshot = image);
        cluster.Narrator.Tell(node.Id, $"made snapshot {image.Id} {Wording.Configuration(image.Configuration)}");
        Report(node, core => core.OnSnapshotCreated(image.Id));
    }

    private void Report(ScenarioNode<TProbe> node, Func<RaftCore<TProbe>, Rejection> report) => node.Input(core =>
    {
        var refused = report(core);
        if (refused != Rejection.None) cluster.Narrator.Tell(node.Id, $"ignored that: {refused}");
    });

    private SnapshotTransfers.Transfer Transfer(CommandLine line)
    {
        var (from, to) = CommandLine.Link(line.Word());
        return cluster.Transfers.Find(from, to);
    }

    /// <summary>snapshot-arrives 1->3 [unreported]: with the latter the sender does not hear of it yet.</summary>
    private void SnapshotArrives(CommandLine line)
    {
        var reported = !line.Takes("unreported");
        cluster.Arrive(Transfer(line), reported);
    }

    private void SnapshotMoves(CommandLine line)
    {
        var transfer = Transfer(line);
        Report(cluster[transfer.From], core => core.OnSnapshotTransfer(new MemberId((ulong)transfer.To), transfer.Session, ended: false));
    }

    private void SnapshotBreaks(CommandLine line)
    {
        var transfer = Transfer(line);
        cluster.Transfers.End(transfer.From, transfer.To);
        Report(cluster[transfer.From], core => core.OnSnapshotTransfer(new MemberId((ulong)transfer.To), transfer.Session, ended: true));
    }

    private void SnapshotRefused(CommandLine line)
    {
        var transfer = Transfer(line);
        Report(cluster[transfer.To], core => core.OnSnapshotRefused(transfer.Image.Id));
    }
}

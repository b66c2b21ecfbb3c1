using Balsa.Node.Logs;
using Balsa.Node.Snapshots;
using Balsa.Node.Snapshots.Jobs;
using Balsa.Node.Stores;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Simulation.Disks.Lanes;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Wires;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>One life of a node: its lanes on the disk, its replica, its ends of the wires. Gone with a crash.</summary>
internal sealed class Process : ILogLane
{
    private const long ReadBytesMax = 1 << 20;

    private readonly FullRun _world;
    private readonly FullNode _node;
    private readonly DirectoryOpener<NoStorageProbe> _opener;
    private readonly List<Lane> _working = [];
    private Lane? _writing;

    internal Process(FullRun world, FullNode node, OpeningOptions options, NodeClock clock, Dice dice)
    {
        (_world, _node, Clock) = (world, node, clock);
        _opener = new DirectoryOpener<NoStorageProbe>(options);
        Lanes = new VirtualLanes(node.Disk, dice);
        Lanes.MoveTo(world.Now);
        Store = new MachineTap(world, node, Views, world.Options.Store);
        Intake = new StateIntake(Store);
        Opening = Lanes.Add("opening", OpenAndRead(options.Path));
    }

    internal NodeClock Clock { get; }

    internal VirtualLanes Lanes { get; }

    internal Lane Opening { get; }

    /// <summary>When the lanes are looked after next; far away when nobody waits for time.</summary>
    internal long LanesAt { get; set; } = long.MaxValue;

    internal OpenDirectory<NoStorageProbe> Directory => _opener.Opened!;

    internal List<ReplicaEntry> Found { get; } = [];

    internal ReplicaMachine? Machine { get; set; }

    internal MachineTap Store { get; }

    /// <summary>The state that was read from the newest snapshot, if there was one.</summary>
    internal StateIntake Intake { get; }

    internal SnapshotOpener<NoStorageProbe>? Snapshots { get; private set; }

    internal SnapshotShelf<NoStorageProbe>? Shelf { get; private set; }

    internal EntryLoader<NoStorageProbe>? Loader { get; private set; }

    internal ViewGate Views { get; } = new();

    internal Gateway? Gateway { get; private set; }

    internal PumpState Pump { get; } = new();

    internal Inbox Inbox { get; } = new();

    /// <summary>Calls that the replica has and has not answered.</summary>
    internal List<Attempt> Calls { get; } = [];

    internal MemberSights Sights { get; } = new();

    /// <summary>It was asked to end in good order.</summary>
    internal bool IsStopping { get; private set; }

    internal bool HasEnded => IsStopping && _working.TrueForAll(lane => lane.State == LaneState.Ended);

    public bool IsShortOf(long bytes) => Directory.Writer.IsShortOf(bytes);

    public bool IsUnsureOf(long bytes) => Directory.Writer.IsUnsureOf(bytes);

    public void Wake() => Wake(_writing);

    /// <summary>What reads entries back and keeps snapshots, before the replica is made.</summary>
    internal void Furnish(Gateway gateway)
    {
        Gateway = gateway;
        Loader = new EntryLoader<NoStorageProbe>(Directory, input => _world.Pumps.Post(_node, input));
        Shelf = new SnapshotShelf<NoStorageProbe>(
            Snapshots!.Folder, Snapshots.Store, _world.Options.Snapshots, gateway, input => _world.Pumps.Post(_node, input));
    }

    /// <summary>All workers begin.</summary>
    internal void Work(LogWriter source)
    {
        _writing = Add("wal", Directory.Writer.Run(source));
        var (keeping, loading, shelf) = (
            Add("spares", Directory.Spares.Run()), Add("entries", Loader!.Run()), Add("snapshots", Shelf!.Run()));
        Directory.Writer.Wake = () => Wake(_writing);
        Directory.Spares.Wake = () => Wake(keeping);
        Loader.Wake = () => Wake(loading);
        Shelf.Wake = () => Wake(shelf);
    }

    internal void Stop()
    {
        IsStopping = true;
        Directory.Writer.Stop();
        Directory.Spares.Stop();
        Loader!.Stop();
        Shelf!.Stop();
        foreach (var lane in _working) Wake(lane);
    }

    private Lane Add(string name, IEnumerable<IoStep> work)
    {
        var lane = Lanes.Add(name, work);
        _working.Add(lane);
        return lane;
    }

    private void Wake(Lane? lane)
    {
        if (lane is null) return;
        Lanes.MoveTo(_world.Now);
        Lanes.Wake(lane);
        _world.Lifecycle.ArmLanes(_node);
    }

    private IEnumerable<IoStep> OpenAndRead(string path)
    {
        foreach (var step in _opener.Run()) yield return step;
        Snapshots = new SnapshotOpener<NoStorageProbe>(path, Directory);
        foreach (var step in Snapshots.Run()) yield return step;
        var reader = Directory.NewReader();
        for (var next = Directory.Base.Index.Next; next <= Directory.Last.Index;)
        {
            foreach (var step in reader.Read(next, Directory.Last.Index, ReadBytesMax)) yield return step;
            foreach (var entry in reader.Entries) Found.Add(new ReplicaEntry(entry.Ref, entry.Payload));
            if (reader.Entries.Count == 0) throw new StorageException($"entry {next} is not in the log of {_node.Id}");
            next = reader.Entries[^1].Ref.Id.Index.Next;
        }

        foreach (var step in reader.Close()) yield return step;
        if (Snapshots.Store.Newest is not { } newest) yield break;
        foreach (var step in Restoring.Run<NoStorageProbe>(Snapshots.Folder, newest.Id, Intake)) yield return step;
    }
}

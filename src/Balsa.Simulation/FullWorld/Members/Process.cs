using Balsa.Node.Logs;
using Balsa.Node.Stores;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Simulation.Disks.Lanes;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Serving;
using Balsa.Simulation.FullWorld.Wires;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Opening;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>One life of a node: its lanes on the disk, its replica, its ends of the wires. Gone with a crash.</summary>
internal sealed class Process : ILogLane
{
    private readonly FullRun _world;
    private readonly FullNode _node;
    private readonly List<Lane> _working = [];
    private Action _wakeWriting = () => { };

    internal Process(FullRun world, FullNode node, OpeningOptions options, NodeClock clock, Dice dice)
    {
        (_world, _node, Clock) = (world, node, clock);
        Disk = world.Maker.MakeDisk(options);
        Lanes = new VirtualLanes(node.Disk, dice);
        Lanes.MoveTo(world.Now);
        Store = new MachineTap(world, node, Views, world.Options.Store, node.Build);
        Leases = new LeaseDesk(world, node, this);
        Watches = new WatchDesk(Views, world.Options.Watches);
        Intake = new StateIntake(Store);
        Opening = Lanes.Add("opening", Disk.OpenAndRead(Found, Intake));
    }

    internal NodeClock Clock { get; }

    internal VirtualLanes Lanes { get; }

    internal Lane Opening { get; }

    /// <summary>When the lanes are looked after next; far away when nobody waits for time.</summary>
    internal long LanesAt { get; set; } = long.MaxValue;

    internal MemberDisk Disk { get; }

    internal List<ReplicaEntry> Found { get; } = [];

    internal ReplicaMachine? Machine { get; set; }

    internal MachineTap Store { get; }

    /// <summary>The state that was read from the newest snapshot, if there was one.</summary>
    internal StateIntake Intake { get; }

    internal ViewGate Views { get; } = new();

    internal LeaseDesk Leases { get; }

    internal WatchDesk Watches { get; }

    internal Gateway? Gateway { get; private set; }

    internal PumpState Pump { get; } = new();

    internal Inbox Inbox { get; } = new();

    /// <summary>Calls that the replica has and has not answered.</summary>
    internal List<Attempt> Calls { get; } = [];

    internal MemberSights Sights { get; } = new();

    /// <summary>It was asked to end in good order.</summary>
    internal bool IsStopping { get; private set; }

    internal bool HasEnded => IsStopping && _working.TrueForAll(lane => lane.State == LaneState.Ended);

    public bool IsShortOf(long bytes) => Disk.IsShortOf(bytes);

    public bool IsUnsureOf(long bytes) => Disk.IsUnsureOf(bytes);

    public void Wake() => _wakeWriting();

    /// <summary>What reads entries back and keeps snapshots, before the replica is made.</summary>
    internal void Furnish(Gateway gateway)
    {
        Gateway = gateway;
        Disk.Furnish(_world.Options.Snapshots, gateway, Tell);
    }

    /// <summary>A snapshot that is ahead of the log on disk would leave a gap behind it, should the power go out now.</summary>
    private bool Tell(ReplicaInput input)
    {
        if (input is SnapshotMade made && made.Snapshot.Index > _node.Truth.Durable.Log.Last.Index)
            _world.Verdicts.Report(
                "snapshots follow the log",
                $"{_node.Id} has published {made.Snapshot}; its log is durable to {_node.Truth.Durable.Log.Last.Index}");
        return _world.Pumps.Post(_node, input);
    }

    /// <summary>All workers begin.</summary>
    internal void Work(IWalSource source) => _wakeWriting = Disk.Work(source, Add);

    internal void Stop()
    {
        IsStopping = true;
        Disk.Stop();
        foreach (var lane in _working) Wake(lane);
    }

    private Action Add(string name, IEnumerable<IoStep> work)
    {
        var lane = Lanes.Add(name, work);
        _working.Add(lane);
        return () => Wake(lane);
    }

    private void Wake(Lane lane)
    {
        Lanes.MoveTo(_world.Now);
        Lanes.Wake(lane);
        _world.Lifecycle.ArmLanes(_node);
    }
}

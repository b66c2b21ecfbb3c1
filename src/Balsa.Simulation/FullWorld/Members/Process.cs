using Balsa.Node.Logs;
using Balsa.Node.Stores;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
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
    private Lane? _writing, _keeping;

    internal Process(FullRun world, FullNode node, OpeningOptions options, NodeClock clock, Dice dice)
    {
        (_world, _node, Clock) = (world, node, clock);
        _opener = new DirectoryOpener<NoStorageProbe>(options);
        Lanes = new VirtualLanes(node.Disk, dice);
        Lanes.MoveTo(world.Now);
        Opening = Lanes.Add("opening", OpenAndRead());
    }

    internal NodeClock Clock { get; }

    internal VirtualLanes Lanes { get; }

    internal Lane Opening { get; }

    /// <summary>When the lanes are looked after next; far away when nobody waits for time.</summary>
    internal long LanesAt { get; set; } = long.MaxValue;

    internal OpenDirectory<NoStorageProbe> Directory => _opener.Opened!;

    internal List<ReplicaEntry> Found { get; } = [];

    internal ReplicaMachine? Machine { get; set; }

    internal MachineTap? Store { get; set; }

    internal ViewGate Views { get; } = new();

    internal Gateway? Gateway { get; set; }

    internal PumpState Pump { get; } = new();

    internal List<ReplicaInput> Inbox { get; } = [];

    /// <summary>Calls that the replica has and has not answered.</summary>
    internal List<Attempt> Calls { get; } = [];

    internal MemberSights Sights { get; } = new();

    /// <summary>It was asked to end in good order.</summary>
    internal bool IsStopping { get; private set; }

    internal bool HasEnded => IsStopping && _writing!.State == LaneState.Ended && _keeping!.State == LaneState.Ended;

    public bool IsShortOf(long bytes) => Directory.Writer.IsShortOf(bytes);

    public bool IsUnsureOf(long bytes) => Directory.Writer.IsUnsureOf(bytes);

    public void Wake() => Wake(_writing);

    /// <summary>The log begins to take what the source has.</summary>
    internal void RunLog(LogWriter source)
    {
        _writing = Lanes.Add("wal", Directory.Writer.Run(source));
        _keeping = Lanes.Add("spares", Directory.Spares.Run());
        Directory.Writer.Wake = () => Wake(_writing);
        Directory.Spares.Wake = () => Wake(_keeping);
    }

    internal void Stop()
    {
        IsStopping = true;
        Directory.Writer.Stop();
        Directory.Spares.Stop();
        Wake(_writing);
        Wake(_keeping);
    }

    private void Wake(Lane? lane)
    {
        if (lane is null) return;
        Lanes.MoveTo(_world.Now);
        Lanes.Wake(lane);
        _world.Lifecycle.ArmLanes(_node);
    }

    private IEnumerable<IoStep> OpenAndRead()
    {
        foreach (var step in _opener.Run()) yield return step;
        var reader = Directory.NewReader();
        for (var next = Directory.Base.Index.Next; next <= Directory.Last.Index;)
        {
            foreach (var step in reader.Read(next, Directory.Last.Index, ReadBytesMax)) yield return step;
            foreach (var entry in reader.Entries) Found.Add(new ReplicaEntry(entry.Ref, entry.Payload));
            if (reader.Entries.Count == 0) throw new StorageException($"entry {next} is not in the log of {_node.Id}");
            next = reader.Entries[^1].Ref.Id.Index.Next;
        }

        foreach (var step in reader.Close()) yield return step;
    }
}

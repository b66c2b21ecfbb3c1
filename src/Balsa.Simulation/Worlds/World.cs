using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Network;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Probes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Tracing;
using Balsa.Simulation.Workload;

namespace Balsa.Simulation.Worlds;

/// <summary>
/// One seed's world: nodes on virtual time, a network and disks that misbehave, people who use it, and oracles that watch.
/// Everything happens in one order, given by the seed alone.
/// </summary>
internal sealed class World : ISimulatedWorld
{
    /// <summary>Many times what the busiest sound seed needs.</summary>
    private const long EventsMax = 20_000_000;

    internal World(SimulationRequest request)
    {
        Seed = request.Seed;
        Options = new WorldOptions(request);
        Trace = new Trace(request.Listener);
        Maker = new MachineMaker(Marks, request.Mutant);
        var dice = new Dice(Mixing.Mix(Seed, 0x3057));
        Timing = new Timing(Options, dice.Fork(1), Faults);
        Network = new SimulatedNetwork(this, dice.Fork(2));
        Streams = new SnapshotStreams(this, dice.Fork(3));
        Lifecycle = new Lifecycle(this, dice.Fork(4));
        Driver = new NodeDriver(this, dice.Fork(5));
        Clients = new Clients(this, dice.Fork(6));
        Plan = FaultPlan.Draw(Options, request, dice.Fork(7));
        Finale = new Finale(this, dice.Fork(8));
        Requests = new Requests(this);
        Operators = new Operators(this);
        Injector = new FaultInjector(this);
        Budget = new HarmBudget(this);
        Disks = new DiskWork(this);
        Post = new PostOffice(this);
        Founding = FoundingOf(Options);
        Oracles = new OracleSet(this, Founding);
    }

    public ulong Seed { get; }
    public long Now { get; private set; }
    public long Events { get; private set; }

    /// <summary>Elections that somebody asked for.</summary>
    internal long ElectionsAsked { get; set; }

    internal WorldOptions Options { get; }
    internal Configuration Founding { get; }
    internal List<SimulatedNode> Nodes { get; } = [];
    internal EventQueue Queue { get; } = new();
    internal ConfigurationTable Configurations { get; } = new();
    public Verdicts Verdicts { get; } = new();
    public FaultCounts Faults { get; } = new();
    public MarkCounts Marks { get; } = new();
    public Trace Trace { get; }
    internal MachineMaker Maker { get; }
    internal Timing Timing { get; }
    internal SimulatedNetwork Network { get; }
    internal SnapshotStreams Streams { get; }
    internal Lifecycle Lifecycle { get; }
    internal NodeDriver Driver { get; }
    internal Clients Clients { get; }
    internal Requests Requests { get; }
    internal Operators Operators { get; }
    internal FaultInjector Injector { get; }
    internal HarmBudget Budget { get; }
    internal DiskWork Disks { get; }
    internal PostOffice Post { get; }
    internal OracleSet Oracles { get; }
    internal Finale Finale { get; }
    public IReadOnlyList<PlannedFault> Plan { get; }

    string? ISimulatedWorld.Stuck => Finale.Stuck;
    bool ISimulatedWorld.IsBeyondBudget => Finale.IsBeyondBudget;
    long ISimulatedWorld.Operations => Clients.Asked;
    long ISimulatedWorld.Messages => Network.Sent;
    ulong ISimulatedWorld.Committed => Oracles.Committed.Last.Value;
    int ISimulatedWorld.FoundingMembers => Options.Nodes;
    int ISimulatedWorld.Callers => Options.Clients;
    int ISimulatedWorld.Seconds => Options.Seconds;

    public void Run()
    {
        for (var slot = 0; slot < Options.Nodes; slot++) Nodes.Add(new SimulatedNode(this, slot, Founding));
        foreach (var node in Nodes) Lifecycle.Start(node);
        for (var i = 0; i < Plan.Count; i++) Queue.Add(Plan[i].At, EventKind.Fault, 0, 0, 0, (ulong)i);
        Queue.Add(Options.Seconds * TimeSpan.TicksPerSecond, EventKind.PhaseEnds, 0);
        Clients.Start();
        while (!Finale.IsOver && Verdicts.First is null && Queue.TryTake(out var e))
        {
            Now = Verdicts.Now = e.Time;
            Events++;
            Trace.Take((ulong)e.Time, ((ulong)e.Kind << 8) + (ulong)e.Node);
            if (Trace.IsHeard) Trace.Line($"{e.Time / 10_000.0:F3} ms n{e.Node + 1} {e.Kind}");
            Happen(e);
            if (Events > EventsMax) Verdicts.Report("bounded work", $"{EventsMax} events and no end");
        }
    }

    /// <summary>Whoever really leads: the live leader of the highest term.</summary>
    internal SimulatedNode? FindLeader()
    {
        SimulatedNode? found = null;
        foreach (var node in Nodes)
            if (node.Machine is { Role: Raft.Role.Leader } machine && (found is null || machine.Term > found.Machine!.Term)) found = node;
        return found;
    }

    internal SimulatedNode? AddNode()
    {
        if (Nodes.Count == WorldOptions.SlotsMax) return null;
        var node = new SimulatedNode(this, Nodes.Count, Configuration.Empty);
        Nodes.Add(node);
        return node;
    }

    private void Happen(in SimulatedEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.DiskWorks:
                if (Nodes[e.Node] is { IsUp: true } writer && writer.Life == e.Life) Disks.OnSyncEnds(writer, e.A);
                break;
            case EventKind.Start: Lifecycle.Start(Nodes[e.Node]); break;
            case EventKind.Resume: Driver.OnResume(Nodes[e.Node]); break;
            case EventKind.TransferStep: Streams.OnStep(e.Subject!); break;
            case EventKind.Fault: OnFault(e); break;
            case EventKind.LinksHeal: Mend((List<(int From, int To)>)e.Subject!); break;
            case EventKind.SlowEnds: Nodes[e.Node].StepCost = 0; break;
            case EventKind.ClientTurn: Clients.OnTurn((int)e.A); break;
            case EventKind.PhaseEnds: Finale.OnPhase(); break;
            default: Driver.OnEvent(Nodes[e.Node], e); break;
        }
    }

    private void OnFault(in SimulatedEvent e)
    {
        if (e.Subject is not null) Injector.OnLater(e.Subject);
        else if (e.A != 0) Operators.TryReplace();
        else Injector.Inject(Plan[(int)e.B]);
    }

    private void Mend(List<(int From, int To)> cuts)
    {
        // In the last phase everything is mended already, and what is cut then is cut on purpose.
        if (Timing.IsCalm) return;
        foreach (var (from, to) in cuts) Network.Links.Mend(from, to);
    }

    private static Configuration FoundingOf(WorldOptions options)
    {
        var members = new List<Member>();
        for (var id = 1UL; id <= (ulong)options.Nodes; id++)
            members.Add(new Member { Id = new(id), Incarnation = new(id), Role = MemberRole.Voter, Name = $"n{id}" });
        return Configuration.Found(members, new ClusterSettings(false, options.StartsWithLease));
    }
}

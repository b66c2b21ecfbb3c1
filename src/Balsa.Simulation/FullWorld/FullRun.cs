using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Builds;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Judges;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.FullWorld.Mishaps;
using Balsa.Simulation.FullWorld.Wires;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Probes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Tracing;

namespace Balsa.Simulation.FullWorld;

/// <summary>
/// One seed's full world: replicas, logs, stores and codecs as they ship, on disks and wires that misbehave, with callers who
/// use them and judges who watch. Everything happens in one order, given by the seed alone.
/// </summary>
internal sealed class FullRun : ISimulatedWorld
{
    /// <summary>Many times what the busiest sound seed needs.</summary>
    private const long EventsMax = 5_000_000;

    internal FullRun(SimulationRequest request)
    {
        Seed = request.Seed;
        Options = new FullOptions(request);
        Trace = new Trace(request.Listener);
        var dice = new Dice(Mixing.Mix(Seed, 0xF0_57));
        Maker = new ReplicaMaker(Marks, request.Mutant, request.StorageMutant);
        Plan = FullPlan.Draw(Options, request, dice.Fork(1));
        Founding = FoundingOf(Options);
        Timing = new WireTiming(Options, dice.Fork(2), Faults);
        Wires = new WireRoom(this, dice.Fork(3));
        Lifecycle = new MemberLifecycle(this, dice.Fork(4));
        Pumps = new PumpDriver(this, dice.Fork(5));
        Calls = new CallRoom(this, dice.Fork(6));
        Finale = new FullFinale(this, dice.Fork(7));
        Callers = new CallerCrowd(this, dice.Fork(8));
        Watchers = new WatcherCrowd(this, dice.Fork(10));
        Injector = new MishapInjector(this, new WireMishaps(this), dice.Fork(9));
        Operators = new MemberOperators(this);
        Newcomers = new Newcomers(this);
        Budget = new MemberBudget(this);
        Builds = new BuildRoom(this, dice.Fork(10));
        Judges = new JudgeBench(this);
    }

    public ulong Seed { get; }
    public long Now { get; private set; }
    public long Events { get; private set; }
    public Verdicts Verdicts { get; } = new();
    public FaultCounts Faults { get; } = new();
    public MarkCounts Marks { get; } = new();
    public Trace Trace { get; }
    public IReadOnlyList<PlannedFault> Plan { get; }
    public string? Stuck => Finale.Stuck;
    public bool IsBeyondBudget => Finale.IsBeyondBudget;
    public long Operations => Calls.Made;
    public long Messages => Wires.Sent;
    public ulong Committed => Judges.History.Last.Value;
    public int FoundingMembers => Options.Nodes;
    int ISimulatedWorld.Callers => Options.Clients;
    public int Seconds => Options.Seconds;

    internal FullOptions Options { get; }
    internal Configuration Founding { get; }
    internal List<FullNode> Nodes { get; } = [];
    internal EventQueue Queue { get; } = new();
    internal ReplicaMaker Maker { get; }
    internal WireTiming Timing { get; }
    internal WireRoom Wires { get; }
    internal MemberLifecycle Lifecycle { get; }
    internal PumpDriver Pumps { get; }
    internal CallRoom Calls { get; }
    internal CallerCrowd Callers { get; }
    internal WatcherCrowd Watchers { get; }
    internal MishapInjector Injector { get; }
    internal MemberOperators Operators { get; }
    internal Newcomers Newcomers { get; }
    internal MemberBudget Budget { get; }
    internal JudgeBench Judges { get; }
    internal BuildRoom Builds { get; }
    internal FullFinale Finale { get; }

    /// <summary>The last phase: everything is quick and nothing breaks.</summary>
    internal bool IsCalm { get; set; }

    /// <summary>Who looks on, and lets things happen in a plain world.</summary>
    internal IWorldObserver? Observer { get; set; }

    /// <summary>Who looks on has seen enough.</summary>
    internal bool IsEnded { get; set; }

    public void Run()
    {
        for (var slot = 0; slot < Options.Nodes; slot++) Nodes.Add(new FullNode(slot, Founding, ChainOf));
        foreach (var node in Nodes) Lifecycle.Start(node);
        for (var i = 0; i < Plan.Count; i++) Queue.Add(Plan[i].At, EventKind.Fault, 0, 0, (ulong)i);
        Queue.Add(Options.Seconds * TimeSpan.TicksPerSecond, EventKind.PhaseEnds, 0);
        Callers.Start();
        if (Observer is null) Watchers.Start();
        Builds.Begin();
        Observer?.OnBegin();
        while (!IsEnded && !Finale.IsOver && (Verdicts.First is null || Observer is not null) && Queue.TryTake(out var e))
        {
            Now = Verdicts.Now = e.Time;
            Events++;
            Trace.Take((ulong)e.Time, ((ulong)e.Kind << 8) + (ulong)e.Node);
            if (Trace.IsHeard) Trace.Line($"{e.Time / 10_000.0:F3} ms n{e.Node + 1} {e.Kind}");
            Happen(e);
            if (Events > EventsMax) Verdicts.Report("bounded work", $"{EventsMax} events and no end");
        }
        foreach (var node in Nodes) Trace.Take(node.Disk.Trace);
    }

    /// <summary>Whoever really leads: the live leader of the highest term.</summary>
    internal FullNode? FindLeader()
    {
        FullNode? found = null;
        foreach (var node in Nodes)
            if (node.Machine is { Role: Raft.Role.Leader } machine && (found is null || machine.Term > found.Machine!.Term)) found = node;
        return found;
    }

    internal FullNode NodeOf(MemberId id) => Nodes[(int)id.Value - 1];

    /// <summary>The chain through a committed entry: what a snapshot of it stands for.</summary>
    internal ulong ChainOf(Raft.Log.EntryId entry) => Judges.History.Knows(entry.Index) ? Judges.History.ChainAt(entry.Index) : 0;

    /// <summary>To all of a node's process that waits for nothing but time.</summary>
    private void Happen(in SimulatedEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.LanesWork or EventKind.Turn or EventKind.PumpTimer or EventKind.Resume: OnProcess(e); break;
            case EventKind.Start: Lifecycle.Start(Nodes[e.Node]); break;
            case EventKind.FrameArrives: Wires.OnFrame(Nodes[e.Node], e); break;
            case EventKind.HelloArrives: Wires.Dialling.OnHello(Nodes[e.Node], e); break;
            case EventKind.HelloAnswered: Wires.Dialling.OnAnswer(Nodes[e.Node], e); break;
            case EventKind.Dial: Wires.Dialling.OnDial(Nodes[e.Node], e); break;
            case EventKind.HungUp: Wires.OnHungUp(Nodes[e.Node], e); break;
            case EventKind.CallArrives: Calls.OnArrived(Nodes[e.Node], e); break;
            case EventKind.ReadServed: Calls.OnServed(Nodes[e.Node], e); break;
            case EventKind.CallAnswered: Callers.OnAnswered((Attempt)e.Subject!); break;
            case EventKind.CallTimesOut: Callers.OnTimeout((Attempt)e.Subject!); break;
            case EventKind.ClientTurn: Callers.OnTurn((int)e.A); break;
            case EventKind.Fault: Injector.Inject(Plan[(int)e.A]); break;
            case EventKind.Mishap: ((Action)e.Subject!)(); break;
            case EventKind.PhaseEnds: Finale.OnPhase(); break;
            default: throw new InvalidOperationException($"{e.Kind} does not happen in this world");
        }
    }

    private void OnProcess(in SimulatedEvent e)
    {
        var node = Nodes[e.Node];
        if (node.Process is null || e.Life != node.Life) return;
        switch (e.Kind)
        {
            case EventKind.LanesWork: Lifecycle.OnLanes(node, e.Time); break;
            case EventKind.Resume: Lifecycle.OnResume(node); break;
            case EventKind.Turn: Pumps.OnTurn(node, e.Time); break;
            default: Pumps.OnTimer(node, e.Time); break;
        }
    }

    private static Configuration FoundingOf(FullOptions options)
    {
        var members = new List<Member>();
        for (var id = 1UL; id <= (ulong)options.Nodes; id++)
            members.Add(new Member { Id = new(id), Incarnation = new(id), Role = MemberRole.Voter, Name = $"n{id}" });
        return Configuration.Found(members, new ClusterSettings(false, options.LeaseReads));
    }
}

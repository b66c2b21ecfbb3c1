using Balsa.Adapters.Lan;
using Balsa.Raft;
using Balsa.Raft.Messages;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.Metrics.Virtual;

/// <summary>
/// The members of a plain full world as servers on a LAN: what the hub sends goes to the desk that ships, and what the desk
/// asks goes to the replica that ships. Its own ends of the wires lose and delay messages as those between members do.
/// </summary>
internal sealed class VirtualCluster : IMetricsCluster, IWorldObserver
{
    private const long LookTicks = 50 * TimeSpan.TicksPerMillisecond;
    private const int LooksALag = 5;

    private readonly FullRun _world;
    private readonly Dice _dice;
    private readonly VirtualServer?[] _servers;
    private readonly (Role Role, ulong Term)?[] _seen;
    private int _looks;

    internal VirtualCluster(FullRun world, Experiment experiment)
    {
        (_world, _dice) = (world, new Dice(Mixing.Mix(experiment.Seed, 0xF0_1A)));
        (_servers, _seen) = (new VirtualServer?[experiment.Servers], new (Role, ulong)?[experiment.Servers]);
        Hub = new MetricsHub(experiment, this);
        world.Observer = this;
    }

    internal MetricsHub Hub { get; }

    public long Now => _world.Now;

    public void At(long time, Action what)
    {
        void Happen()
        {
            what();
            _world.IsEnded |= Hub.IsOver;
        }

        _world.Queue.Add(time, EventKind.Mishap, 0, 0, 0, 0, (Action)Happen);
    }

    public void Send(int server, LanMessage message)
    {
        if (IsLost()) return;
        // Through its bytes: what the desk reads is what a real one reads.
        var bytes = message.ToBytes();
        At(Now + _world.Timing.Latency(), () => Arrive(_world.Nodes[server], LanMessage.Read(bytes, out _)!));
    }

    public void Start(int server)
    {
        var node = _world.Nodes[server];
        node.StaysDown = false;
        _world.Lifecycle.Start(node);
        node.StaysDown = true;
    }

    public void Fail(int server, FailureMode mode)
    {
        var node = _world.Nodes[server];
        if (mode == FailureMode.Stop && node.IsServing) _world.Lifecycle.ShutDown(node);
        else _world.Lifecycle.Crash(node, CrashRule.KeepsEverything);
        _seen[server] = null;
    }

    public void Pause(int server, long ticks)
    {
        var node = _world.Nodes[server];
        node.PausedUntil = Now + ticks;
        _world.Queue.Add(node.PausedUntil, EventKind.Resume, node.Slot, node.Life);
        _seen[server] = null;
    }

    public void CutPower()
    {
        foreach (var node in _world.Nodes) _world.Lifecycle.Crash(node, CrashRule.KeepsNothing);
        Array.Clear(_seen);
    }

    public void Cut(int one, int other)
    {
        _world.Wires.Links.Cut(one, other);
        _world.Wires.Links.Cut(other, one);
    }

    public void Heal() => _world.Wires.HealAll();

    public void Degrade(double loss, double delayMs)
    {
        _world.Options.LossPermille = (int)Math.Round(1000 * loss);
        _world.Options.LatencyTicks = Math.Max(100, (long)Math.Round(delayMs * TimeSpan.TicksPerMillisecond));
    }

    public void OnBegin()
    {
        foreach (var node in _world.Nodes) node.StaysDown = true;
        Hub.Begin();
        At(LookTicks, Look);
    }

    public void OnSend(FullNode node, in Message message) => Hub.OnPeerMessage(message.Kind switch
    {
        MessageKind.Heartbeat => MessageGroup.Heartbeat,
        MessageKind.Append => MessageGroup.Append,
        MessageKind.Vote or MessageKind.PreVote => MessageGroup.Vote,
        MessageKind.VoteResponse or MessageKind.PreVoteResponse or MessageKind.AppendResponse or MessageKind.HeartbeatResponse =>
            MessageGroup.Reply,
        _ => MessageGroup.Other,
    });

    public void AfterTurn(FullNode node)
    {
        var (machine, slot) = (node.Machine!, node.Slot);
        var now = (machine.Role, machine.Term.Value);
        if (_seen[slot] != now)
        {
            _seen[slot] = now;
            Hub.OnRole(slot, RoleOf(machine.Role), machine.Term.Value);
            if (machine.Role == Role.Leader) Hub.OnLeads(slot, machine.Term.Value);
        }

        if (_servers[slot] is { } server && server.Life == node.Life) server.AfterTurn();
        _world.IsEnded |= Hub.IsOver;
    }

    /// <summary>From a server to the hub.</summary>
    internal void Reply(int server, LanMessage message)
    {
        if (IsLost()) return;
        var bytes = message.ToBytes();
        At(Now + _world.Timing.Latency(), () => Hub.OnMessage(server, LanMessage.Read(bytes, out _)!));
    }

    private static ServerRole RoleOf(Role role) => role switch
    {
        Role.Leader => ServerRole.Leader,
        Role.Follower => ServerRole.Follower,
        _ => ServerRole.Candidate,
    };

    private void Arrive(FullNode node, LanMessage message)
    {
        if (node.Process is not null && node.PausedUntil > Now)
        {
            At(node.PausedUntil, () => Arrive(node, message));
            return;
        }

        if (!node.IsServing) return;
        if (_servers[node.Slot] is not { } server || server.Life != node.Life)
            server = _servers[node.Slot] = new VirtualServer(this, _world, node);
        server.OnRequest(message);
    }

    /// <summary>Whoever is not there and was not told to go has crashed.</summary>
    private void Look()
    {
        foreach (var node in _world.Nodes)
            if (node.State is NodeState.Down or NodeState.Gone) Hub.OnCrashed(node.Slot);
        if (++_looks % LooksALag == 0) Hub.OnLag(Lags());
        At(Now + LookTicks, Look);
    }

    private long[] Lags()
    {
        var lags = new long[_world.Nodes.Count];
        var newest = _world.Nodes.Max(node => node.Machine?.Commit.Value ?? 0);
        for (var i = 0; i < lags.Length; i++)
            lags[i] = _world.Nodes[i].Machine is { } machine ? (long)(newest - Math.Min(newest, machine.Applied.Value)) : -1;
        return lags;
    }

    private bool IsLost() => _dice.Chance(_world.Options.LossPermille);
}

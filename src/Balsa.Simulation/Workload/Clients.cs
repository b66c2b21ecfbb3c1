using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Reads;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Workload;

/// <summary>
/// Callers who write and read at whoever they believe leads, and sometimes anywhere. One that waits too long gives up and
/// tries the same elsewhere: as a new attempt, because the first one may still happen.
/// </summary>
internal sealed class Clients(World world, Dice dice)
{
    private readonly int[] _believed = new int[WorldOptions.SlotsMax];
    private readonly ulong[] _waitsFor = new ulong[WorldOptions.SlotsMax];
    private readonly Proposal[] _burst = new Proposal[16];

    internal long Asked { get; private set; }

    internal bool AreQuiet { get; set; }

    internal void Start()
    {
        for (var client = 0; client < world.Options.Clients; client++)
        {
            _believed[client] = dice.Below(world.Options.Nodes);
            world.Queue.Add(world.Now + dice.Below(world.Options.ClientPauseTicks), EventKind.ClientTurn, 0, 0, (ulong)client);
        }
    }

    internal void OnTurn(int client)
    {
        if (AreQuiet) return;
        world.Queue.Add(world.Now + dice.Spread(world.Options.ClientPauseTicks), EventKind.ClientTurn, 0, 0, (ulong)client);
        var retries = GivesUp(client);
        var slot = dice.Chance(850) && !retries ? _believed[client] : dice.Below(world.Nodes.Count);
        var node = world.Nodes[slot];
        if (!node.IsUp)
        {
            _believed[client] = dice.Below(world.Nodes.Count);
            return;
        }
        var reads = dice.Chance(world.Options.ReadPermille);
        world.Queue.Add(
            world.Now + world.Timing.Latency(), EventKind.Ask, slot, node.Life, reads ? 1UL : 0,
            (ulong)client + ((ulong)dice.Below(1000) << 8));
    }

    /// <summary>The call has arrived at the node.</summary>
    internal void OnArrived(SimulatedNode node, Machine machine, bool reads, ulong detail)
    {
        var client = (int)(detail & 0xFF);
        var choice = (int)(detail >> 8);
        Asked++;
        if (reads)
        {
            var mode = choice < 450 ? ReadMode.Quorum : choice < 900 ? ReadMode.Lease : ReadMode.Local;
            var read = world.Requests.Ask(RequestKind.Read, node, client, mode: mode);
            _waitsFor[client] = read.Value;
            machine.Read(read, mode);
            return;
        }
        var count = 1 + choice % world.Options.BurstMax;
        for (var i = 0; i < count; i++) _burst[i] = NewProposal(node, client);
        machine.Propose(_burst.AsSpan(0, count));
    }

    internal Proposal NewProposal(SimulatedNode node, int client)
    {
        var command = world.Requests.NewCommand();
        var correlation = world.Requests.Ask(RequestKind.Propose, node, client, command);
        if (client >= 0) _waitsFor[client] = correlation.Value;
        var length = command % 97 == 0 ? 70_000u : (uint)(20 + command * 37 % 300);
        return new Proposal(new PayloadHandle(command), length, (uint)Mixing.Mix(command, 1), correlation);
    }

    internal void OnAnswered(in Request request, Outcome outcome, MemberId leader)
    {
        if (request.Client < 0) return;
        if (outcome.Verdict == Verdict.Done && request.Kind == RequestKind.Propose) _believed[request.Client] = request.Slot;
        else if (!leader.IsNone && (int)leader.Value <= world.Nodes.Count) _believed[request.Client] = (int)leader.Value - 1;
    }

    private bool GivesUp(int client)
    {
        var waits = _waitsFor[client];
        if (waits == 0 || world.Requests[waits].State == RequestState.Answered) return false;
        if (world.Now - world.Requests[waits].AskedAt < world.Options.ClientTimeoutTicks) return false;
        _waitsFor[client] = 0;
        world.Faults.Hit(FaultKind.ClientTimeout);
        return true;
    }
}

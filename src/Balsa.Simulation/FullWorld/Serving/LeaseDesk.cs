using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Serving;

/// <summary>
/// What the server of a leader does about leases: it holds their deadlines for its reign, has those ended that are over, and
/// renews those whose owners call. Driven by the replica's turns; what it decides goes through the log.
/// </summary>
internal sealed class LeaseDesk(FullRun world, FullNode node, Process process)
{
    private const int StepsAtOnce = 64;

    private readonly LeaseDeadlines<NoStoreProbe> _deadlines = new(world.Options.Leases);
    private readonly CommandCodec _codec = new();
    private readonly LeaseExpireCommand[] _due = new LeaseExpireCommand[8];
    private readonly LeaseRest[] _rests = new LeaseRest[8];
    private long _timerAt = long.MaxValue;

    /// <summary>The term in which this member leads and has applied something of its own; 0 when it does not.</summary>
    internal Term Reign { get; private set; }

    private long Now => process.Clock.At(world.Now);

    private ILeaseSource Leases => process.Store.Leases;

    internal bool Holds(long lease) => Leases.TryGet(lease, out _);

    /// <summary>A command was applied here.</summary>
    internal void OnApplied(CommandKind kind, ReadOnlySpan<byte> command)
    {
        if (Reign == Term.Zero) return;
        switch (kind)
        {
            case CommandKind.LeaseGrant when LeaseGrantCommand.TryRead(command, out var grant) && Leases.TryGet(grant.Lease, out var made):
                _deadlines.OnGranted(made.Id, made.Seconds, Now);
                break;
            case CommandKind.LeaseRevoke when LeaseRevokeCommand.TryRead(command, out var revoke): Forget(revoke.Lease); break;
            case CommandKind.LeaseExpire when LeaseExpireCommand.TryRead(command, out var expire): Forget(expire.Lease); break;
            default: break;
        }
    }

    internal void AfterTurn(ReplicaMachine machine)
    {
        var leads = machine is { Role: Role.Leader, Aside: null, HasStopped: false };
        if (Reign != Term.Zero && (!leads || machine.Term != Reign)) EndReign();
        if (!leads || (Reign == Term.Zero && !TryBeginReign(machine))) return;
        while (_deadlines.WorkReign(StepsAtOnce))
        {
        }

        foreach (var over in _due.AsSpan(0, _deadlines.AdvanceTo(Now, _due))) Propose(CommandKind.LeaseExpire, Ended(over));
        var count = _deadlines.TakeCheckpoints(Now, _rests);
        if (count > 0) Propose(CommandKind.LeaseCheckpoint, Noted(_rests.AsSpan(0, count)));
        ArmTimer();
    }

    internal void EndReign()
    {
        _deadlines.EndReign();
        Reign = Term.Zero;
    }

    /// <summary>False when this member does not hold the lease, or it is over.</summary>
    internal bool TryRenew(long lease, out LeaseRenewal renewal)
    {
        renewal = default;
        return Reign != Term.Zero && _deadlines.TryRenew(lease, Now, out renewal);
    }

    /// <summary>The entry that takes a note back, so that no later leader believes it.</summary>
    internal byte[] TakeBack(long lease, ulong number) => Noted([new LeaseRest(lease, 0)])(number);

    internal void OnTakenBack(long lease, long note) => _deadlines.OnTakenBack(lease, note);

    /// <summary>With the first own entry applied, the leases are at least as old as what any former leader has promised.</summary>
    private bool TryBeginReign(ReplicaMachine machine)
    {
        var (log, applied) = (node.Truth.Written, machine.Applied);
        if (applied < log.Boundary.Index || applied > log.Last.Index || log.TermAt(applied) != machine.Term) return false;
        Reign = machine.Term;
        _deadlines.BeginReign(Reign.Value, Now, world.Options.Raft.ElectionTimeout.Ticks, Leases);
        return true;
    }

    private void Forget(long lease)
    {
        if (!Holds(lease)) _deadlines.OnRemoved(lease);
    }

    private Func<ulong, byte[]> Ended(LeaseExpireCommand over) => number => _codec.LeaseExpire(over, CallMaker.Mark(number));

    private Func<ulong, byte[]> Noted(ReadOnlySpan<LeaseRest> rests)
    {
        var all = rests.ToArray();
        return number => _codec.LeaseCheckpoint(Reign.Value, all, CallMaker.Mark(number));
    }

    private void Propose(CommandKind kind, Func<ulong, byte[]> entry)
    {
        var number = world.Calls.NextNumber;
        world.Calls.Ask(node, new Call(number, 0, CallKind.Command) { Command = kind, Entry = entry(number) });
    }

    private void ArmTimer()
    {
        var due = Math.Max(world.Now + TimeSpan.TicksPerMillisecond, process.Clock.WhenItShows(_deadlines.NextDeadline));
        if (_deadlines.NextDeadline == long.MaxValue || (_timerAt <= due && _timerAt > world.Now)) return;
        (_timerAt, var life) = (due, node.Life);
        world.Queue.Add(due, EventKind.Mishap, node.Slot, 0, 0, 0, (Action)(() =>
        {
            if (node.Life == life && node.IsServing) world.Pumps.Nudge(node);
        }));
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Reads;
using Balsa.Replica;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>The client port of every node: takes calls in, collects what the replica answers, and carries it back.</summary>
internal sealed class CallRoom(FullRun world, Dice dice)
{
    /// <summary>All of them, the first has number 1.</summary>
    private readonly List<Call> _calls = [];

    internal long Made => _calls.Count;

    internal ulong NextNumber => (ulong)_calls.Count + 1;

    internal Call this[ulong number] => _calls[(int)number - 1];

    internal bool Knows(ulong number) => number >= 1 && number <= (ulong)_calls.Count;

    internal void Add(Call call) => _calls.Add(call);

    /// <summary>On its way to a member; it may get lost.</summary>
    internal void Send(Call call, int slot)
    {
        call.Attempts++;
        call.Newest = new Attempt(call, slot);
        if (!world.IsCalm && world.Options.Has(FaultKind.ClientTimeout) && dice.Chance(10))
        {
            world.Faults.Hit(FaultKind.ClientTimeout);
            call.NotDone++;
            return;
        }

        world.Queue.Add(world.Now + world.Timing.Latency(), EventKind.CallArrives, slot, 0, 0, 0, call.Newest);
    }

    internal void OnArrived(FullNode node, in SimulatedEvent e)
    {
        var attempt = (Attempt)e.Subject!;
        if (node.PausedUntil > world.Now && node.Process is not null)
        {
            world.Queue.AddAgain(e, node.PausedUntil);
            return;
        }

        if (!node.IsServing)
        {
            // The connection is refused.
            attempt.Call.NotDone++;
            Answer(attempt, Outcome.NotDone(Reason.Stopped), default);
            return;
        }

        attempt.Life = node.Life;
        if (InputOf(node, attempt) is not { } input) Refuse(attempt, Outcome.NotDone(Reason.NotLeader));
        else if (world.Pumps.Post(node, input)) node.Process!.Calls.Add(attempt);
        else Refuse(attempt, Outcome.NotDone(Reason.Busy));
    }

    /// <summary>The server of a member asks for something itself, of its own replica and of nobody else.</summary>
    internal void Ask(FullNode node, Call call)
    {
        Add(call);
        call.Attempts++;
        var attempt = new Attempt(call, node.Slot) { Life = node.Life };
        if (world.Pumps.Post(node, new ProposeCommand([.. call.Entry], attempt.Waiting))) node.Process!.Calls.Add(attempt);
        else call.NotDone++;
    }

    /// <summary>After a turn: whoever has his answer is told.</summary>
    internal void Collect(FullNode node)
    {
        var calls = node.Process!.Calls;
        var kept = 0;
        for (var i = 0; i < calls.Count; i++)
        {
            if (calls[i].Waiting.Task.IsCompletedSuccessfully) OnAnswered(node, calls[i], calls[i].Waiting.Task.Result);
            else calls[kept++] = calls[i];
        }

        calls.RemoveRange(kept, calls.Count - kept);
    }

    /// <summary>A confirmed read is carried out by the caller's own thread, a moment later, on the newest view.</summary>
    internal void OnServed(FullNode node, in SimulatedEvent e)
    {
        var attempt = (Attempt)e.Subject!;
        if (!node.IsServing || node.Life != attempt.Life) return;
        if (node.PausedUntil > world.Now)
        {
            world.Queue.AddAgain(e, node.PausedUntil);
            return;
        }

        world.Judges.Calls.OnRead(node, attempt.Call);
        Answer(attempt, Outcome.Done, default);
    }

    /// <summary>The connections of its callers break: they know nothing.</summary>
    internal void OnProcessEnds(FullNode node)
    {
        foreach (var attempt in node.Process!.Calls) Answer(attempt, Outcome.Unknown(Reason.Stopped), default);
        node.Process.Calls.Clear();
    }

    internal void CheckNoneOpen(FullNode node, string why)
    {
        if (node.Process!.Calls is [var open, ..])
            world.Verdicts.Report("one answer", $"{node.Id} {why} and left {open.Call} without an answer");
    }

    /// <summary>Null when only another member can do it.</summary>
    private ReplicaInput? InputOf(FullNode node, Attempt attempt)
    {
        var call = attempt.Call;
        if (call.Kind == CallKind.KeepAlive) return Renew(node, attempt);
        var waits = dice.Chance(world.Options.PatiencePermille);
        var deadline = waits ? node.Process!.Clock.At(world.Now) + world.Options.CallTimeoutTicks : 0;
        if (call.Kind == CallKind.Command) return new ProposeCommand([.. call.Entry], attempt.Waiting) { Deadline = deadline };
        var mode = call.Kind switch
        {
            CallKind.LocalRead => ReadMode.Local,
            CallKind.LeaseRead => ReadMode.Lease,
            _ => ReadMode.Quorum,
        };
        return new RunQuery(default, mode, attempt.Waiting) { Deadline = deadline };
    }

    /// <summary>
    /// The lease is renewed at once, and its owner told when a quorum has confirmed after that that this member leads. A note
    /// that the lease had less must be taken back first; its commit confirms as much.
    /// </summary>
    private ReplicaInput? Renew(FullNode node, Attempt attempt)
    {
        var (call, leases) = (attempt.Call, node.Process!.Leases);
        if (!leases.TryRenew(call.Lease, out var renewal)) return null;
        attempt.Renewed = (world.Now, leases.Reign, renewal.TakeBack);
        if (renewal.TakeBack == 0) return new RunQuery(default, ReadMode.Quorum, attempt.Waiting);
        return new ProposeCommand(leases.TakeBack(call.Lease, call.Number), attempt.Waiting);
    }

    private void OnKeptAlive(FullNode node, Attempt attempt)
    {
        var (leases, (at, reign, note)) = (node.Process!.Leases, attempt.Renewed);
        if (note != 0) leases.OnTakenBack(attempt.Call.Lease, note);
        var isTrue = leases.Reign == reign && leases.Holds(attempt.Call.Lease);
        if (isTrue) world.Judges.Leases.OnKeptAlive(attempt.Call.Lease, at);
        Answer(attempt, isTrue ? Outcome.Done : Outcome.Unknown(Reason.LeadershipLost), default);
    }

    private void OnAnswered(FullNode node, Attempt attempt, in ReplicaAnswer answer)
    {
        var call = attempt.Call;
        world.Trace.Take(call.Number, ((ulong)answer.Outcome.Verdict << 8) + (ulong)answer.Outcome.Reason);
        world.Trace.Take(answer.Entry.Index.Value);
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} answers {call}: {answer.Outcome} {answer.Entry}");
        if (answer.Outcome.Verdict == Verdict.Done && call.Kind is not CallKind.Command && node.Process!.Sights.AsideTurns > 1)
            world.Verdicts.Report("set aside serves nobody", $"{node.Id} ({node.Machine!.Aside}) says that {call} is done");
        if (answer.Outcome.Verdict == Verdict.NotDone)
        {
            Refuse(attempt, answer.Outcome, answer.Leader);
            return;
        }

        if (call.Kind == CallKind.KeepAlive && answer.Outcome.Verdict == Verdict.Done)
        {
            OnKeptAlive(node, attempt);
        }
        else if (call.Kind == CallKind.Command)
        {
            if (answer.Outcome.Verdict == Verdict.Done) world.Judges.Calls.OnDone(node, call, answer.Entry, answer.Result as byte[]);
            Answer(attempt, answer.Outcome, answer.Leader);
        }
        else if (answer.Outcome.Verdict == Verdict.Done)
        {
            var later = dice.Chance(800) ? 0 : dice.Below(20_000);
            world.Queue.Add(world.Now + later, EventKind.ReadServed, node.Slot, 0, 0, 0, attempt);
        }
        else
        {
            Answer(attempt, answer.Outcome, answer.Leader);
        }
    }

    private void Refuse(Attempt attempt, Outcome outcome, MemberId leader = default)
    {
        attempt.Call.NotDone++;
        world.Judges.Calls.OnNotDone(attempt.Call);
        Answer(attempt, outcome, leader);
    }

    private void Answer(Attempt attempt, Outcome outcome, MemberId leader)
    {
        (attempt.Outcome, attempt.Leader) = (outcome, leader);
        world.Queue.Add(world.Now + world.Timing.Latency(), EventKind.CallAnswered, attempt.Slot, 0, 0, 0, attempt);
    }
}

using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Raft.Effects;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>
/// The users: they call any member, follow hints, give up, and repeat what they do not know the outcome of under the same
/// ids, wherever they get to.
/// </summary>
internal sealed class CallerCrowd
{
    private const long RepeatsFor = 6 * TimeSpan.TicksPerSecond, RetryTicks = 15 * TimeSpan.TicksPerMillisecond;
    private const int DoublingsMax = 5;

    private readonly FullRun _world;
    private readonly Dice _dice;
    private readonly CallMaker _maker;
    private readonly Caller[] _callers;
    private readonly long _period;

    internal CallerCrowd(FullRun world, Dice dice)
    {
        (_world, _dice) = (world, dice);
        _maker = new CallMaker(world, dice.Fork(1));
        _callers = new Caller[world.Options.Clients];
        _period = _callers.Length * TimeSpan.TicksPerSecond / world.Options.CallsPerSecond;
        for (var i = 0; i < _callers.Length; i++) _callers[i] = new Caller();
    }

    /// <summary>Nobody begins anything new.</summary>
    internal bool AreQuiet { get; set; }

    internal void Start()
    {
        for (var i = 0; i < _callers.Length; i++) _world.Queue.Add(_dice.Below(_period), EventKind.ClientTurn, 0, 0, (ulong)i);
    }

    /// <summary>Turns come at their own pace, whatever became of the calls before.</summary>
    internal void OnTurn(int number)
    {
        if (AreQuiet) return;
        _world.Queue.Add(_world.Now + _period / 2 + _dice.Below(_period), EventKind.ClientTurn, 0, 0, (ulong)number);
        Begin(Make(number), AnySlot(_callers[number]));
    }

    /// <summary>A put by nobody in particular, to see whether the cluster works.</summary>
    internal Call BeginFresh(int slot)
    {
        var call = _maker.Write(_world.Calls.NextNumber, 0, 0, 0);
        Begin(call, slot);
        return call;
    }

    /// <summary>A read by nobody in particular.</summary>
    internal void BeginRead(int slot, CallKind kind) => Begin(_maker.Read(_world.Calls.NextNumber, 0, kind), slot);

    internal void OnAnswered(Attempt attempt)
    {
        var call = attempt.Call;
        if (!call.IsOpen || call.Newest != attempt) return;
        switch (attempt.Outcome.Verdict)
        {
            case Verdict.Done: Close(call, CallState.Done, attempt.Slot); break;
            case Verdict.NotDone: Again(call, attempt.Leader.IsNone ? -1 : (int)attempt.Leader.Value - 1); break;
            default: RepeatOrGiveUp(call); break;
        }
    }

    internal void OnTimeout(Attempt attempt)
    {
        if (attempt.Call.IsOpen && attempt.Call.Newest == attempt) RepeatOrGiveUp(attempt.Call);
    }

    private Call Make(int number)
    {
        var caller = _callers[number];
        var id = _world.Calls.NextNumber;
        if (_dice.Chance(400)) return _maker.Read(id, number, ReadKind());
        if (caller.InSession is { IsOpen: true } || !_dice.Chance(_world.Options.SessionPermille)) return _maker.Write(id, number, 0, 0);
        if (caller.Session == 0) return caller.InSession = _maker.Open(id, number);
        caller.LastRequest += _dice.Chance(100) ? 3UL : 1UL;
        return caller.InSession = _maker.Write(id, number, caller.Session, caller.LastRequest);
    }

    private CallKind ReadKind()
    {
        if (_dice.Chance(_world.Options.LocalReadPermille)) return CallKind.LocalRead;
        return _dice.Chance(300) ? CallKind.LeaseRead : CallKind.QuorumRead;
    }

    private void Begin(Call call, int slot)
    {
        _world.Calls.Add(call);
        call.BegunAt = _world.Now;
        call.GivesUpAt = _world.Now + (call.Request == 0 ? _world.Options.CallTimeoutTicks * 3 : RepeatsFor);
        call.Needs = _world.Judges.Calls.Answered;
        Try(call, slot);
    }

    private void Try(Call call, int slot)
    {
        _world.Calls.Send(call, slot);
        _world.Queue.Add(_world.Now + _world.Options.CallTimeoutTicks, EventKind.CallTimesOut, slot, 0, 0, 0, call.Newest);
    }

    private void RepeatOrGiveUp(Call call)
    {
        if (call.MayRepeat && _world.Now < call.GivesUpAt) Try(call, _dice.Below(_world.Nodes.Count));
        else Close(call, CallState.Unknown, -1);
    }

    private void Again(Call call, int hint)
    {
        if (_world.Now >= call.GivesUpAt)
        {
            Close(call, call.NotDone == call.Attempts ? CallState.NotDone : CallState.Unknown, -1);
            return;
        }

        var slot = hint >= 0 && hint < _world.Nodes.Count ? hint : _dice.Below(_world.Nodes.Count);
        var pause = RetryTicks << Math.Min(call.Attempts - 1, DoublingsMax);
        Action again = () => TryAgain(call, slot);
        _world.Queue.Add(_world.Now + pause / 2 + _dice.Below(pause), EventKind.Mishap, slot, 0, 0, 0, again);
    }

    private void TryAgain(Call call, int slot)
    {
        if (call.IsOpen) Try(call, slot);
    }

    private void Close(Call call, CallState state, int slot)
    {
        call.State = state;
        var caller = _callers[call.Caller];
        if (slot >= 0) caller.Slot = slot;
        if (caller.InSession != call) return;
        caller.InSession = null;
        if (state != CallState.Done) return;
        var answer = Answer.Read(call.Command, call.Answer!);
        if (call.Command == CommandKind.SessionOpen && answer.Error == StoreError.None)
            (caller.Session, caller.LastRequest) = ((ulong)answer.Id, 0);
        else if (answer.Error == StoreError.SessionUnknown)
            caller.Session = 0;
    }

    private int AnySlot(Caller caller) => _dice.Chance(700) ? caller.Slot : _dice.Below(_world.Nodes.Count);
}

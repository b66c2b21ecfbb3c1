using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Requests;

/// <summary>
/// Takes the requests of clients. A write goes to whoever leads: it is proposed here, or handed to the leader and not
/// proposed twice. What certainly was not done, because nobody led just then, waits for a leader and is tried again.
/// </summary>
internal sealed class RequestDesk<TProbe>(
    RaftCore<TProbe> core, Callers callers, IPeerNetwork network, Func<byte[], Shortage> shortageFor, Action<byte[], Caller> propose,
    ReplicaOptions options, TProbe probe)
    where TProbe : struct, IProbe
{
    private readonly HeldRequests _held = new(options.HeldRequestsMax);
    private readonly Forwards _forwards = new(probe.Plants(Mutant.HostNumbersForwardsFromOne) ? 0 : options.Raft.Seed);
    private object? _otherResult;
    private long _now;

    internal long NextDeadline => Math.Min(_held.NextDeadline, _forwards.NextDeadline);

    /// <summary>Nobody is served. Who waits for something to be applied would wait for ever.</summary>
    internal bool IsClosed
    {
        get;
        set
        {
            if (value && !field) callers.AnswerAll(Outcome.Unknown(Reason.SetAside));
            field = value;
        }
    }

    internal void Propose(ProposeCommand input) => Write(new LocalCaller(input.Caller) { Request = input }, input);

    internal void Read(RunQuery input) => Read(new LocalCaller(input.Caller) { Request = input }, input);

    /// <summary>Another member's client: only the leader of that term may take it, because the sender may not send it twice.</summary>
    internal void OnForward(PeerForward input)
    {
        var caller = new RemoteCaller(network, input.Origin.Member, input.Command.Number);
        if (IsClosed) caller.Answer(new ReplicaAnswer(Outcome.NotDone(Reason.NotLeader), default, core.Leader, null));
        else if (core.Role != Role.Leader || (core.Term != input.Command.Term && !probe.Plants(Mutant.LegalHostTakesForwardsOfOtherTerms)))
            caller.Answer(new ReplicaAnswer(Outcome.NotDone(Reason.NotLeader), default, core.Leader, null));
        else if (EntryEnvelope.TryRead(input.Command.Entry, out _, out _) != EnvelopeError.None)
            caller.Answer(new ReplicaAnswer(Outcome.NotDone(Reason.Malformed), default, core.Leader, null));
        else
            Append(caller, input.Command.Entry);
    }

    internal void OnForwardAnswer(PeerForwardAnswer input)
    {
        if (_forwards.TryTake(input.Answer.Number, input.Origin.Member, out var forwarded))
            Finish(forwarded.Caller, input.Answer.Answer);
    }

    /// <summary>What was handed to it may have arrived or not.</summary>
    internal void OnPeerLost(MemberId peer)
    {
        if (probe.Plants(Mutant.LegalHostWaitsForLateAnswers)) return;
        foreach (var lost in _forwards.TakeWhere(forwarded => forwarded.Leader == peer))
            Finish(lost.Caller, new ReplicaAnswer(Outcome.Unknown(Reason.LeadershipLost), default, core.Leader, null));
    }

    internal void AdvanceTo(long now)
    {
        _now = now;
        // Twice a turn, so that nothing may be allocated when nobody is late.
        if (now >= _held.NextDeadline) GiveUpHeld();
        if (now >= _forwards.NextDeadline && !probe.Plants(Mutant.HostForwardsNeverEnd)) GiveUpForwards();
    }

    /// <summary>Whoever waits for a leader is served when there is one; false when there was nothing to do.</summary>
    internal bool ServeHeld()
    {
        if (_held.Count == 0 || core.Leader.IsNone) return false;
        var taken = _held.TakeAll();
        for (var times = probe.Plants(Mutant.HostServesHeldTwice) ? 2 : 1; times > 0; times--)
        {
            foreach (var (caller, _) in taken)
            {
                if (caller.Request is RunQuery read) Read(caller, read);
                else Write(caller, (ProposeCommand)caller.Request!);
            }
        }

        return true;
    }

    /// <summary>An answer of the core or of the leader, unless the request is tried again.</summary>
    internal void Finish(Caller caller, in ReplicaAnswer told)
    {
        var answer = Spoiled(told);
        var mayBeDone = answer.Outcome.Verdict == Verdict.Unknown && caller.Request is ProposeCommand;
        if (!MayTryAgain(caller, answer.Outcome) || !_held.TryAdd(caller, DeadlineOf(caller))) Tell(caller, answer);
        else if (!probe.Plants(Mutant.HostForgetsThatItMayBeDone)) caller.MayBeDone |= mayBeDone;
    }

    /// <summary>The core is gone.</summary>
    internal void AnswerAll(Outcome outcome)
    {
        if (!probe.Plants(Mutant.HostForgetsHeldAtShutdown))
            foreach (var (caller, _) in _held.TakeAll())
                Tell(caller, new ReplicaAnswer(Outcome.NotDone(outcome.Reason), default, default, null));
        foreach (var forwarded in _forwards.TakeWhere(_ => true))
            forwarded.Caller.Answer(new ReplicaAnswer(Outcome.Unknown(outcome.Reason), default, default, null));
    }

    private void GiveUpHeld()
    {
        foreach (var caller in _held.TakeLate(_now))
            Tell(caller, new ReplicaAnswer(Outcome.NotDone(Reason.NoLeader), default, core.Leader, null));
    }

    private void GiveUpForwards()
    {
        foreach (var late in _forwards.TakeWhere(forwarded => forwarded.Deadline <= _now))
            late.Caller.Answer(new ReplicaAnswer(Outcome.Unknown(Reason.TimedOut), default, core.Leader, null));
    }

    private void Write(Caller caller, ProposeCommand input)
    {
        if (IsClosed) Close(caller);
        else if (core.Role == Role.Leader) Append(caller, input.Entry);
        else if (core.Leader.IsNone || input.Deadline == 0) Refuse(caller);
        else Forward(caller, input);
    }

    private void Read(Caller caller, RunQuery input)
    {
        if (IsClosed) Close(caller);
        else if (core.Leader.IsNone && input.Mode != Raft.Reads.ReadMode.Local) Refuse(caller);
        else
        {
            caller.Served = core.ServedBy(input.Mode);
            core.Read(callers.Add(caller), probe.Plants(Mutant.HostReadsLocally) ? Raft.Reads.ReadMode.Local : input.Mode);
        }
    }

    private void Close(Caller caller) =>
        Tell(caller, new ReplicaAnswer(Outcome.NotDone(Reason.SetAside), default, core.Leader, null));

    private void Refuse(Caller caller) => Finish(
        caller,
        new ReplicaAnswer(Outcome.NotDone(core.Leader.IsNone ? Reason.NoLeader : Reason.NotLeader), default, core.Leader, null));

    private void Append(Caller caller, byte[] entry)
    {
        var shortage = shortageFor(entry);
        if (shortage != Shortage.None)
        {
            var told = shortage == Shortage.Passing ? Shortage.None : shortage;
            Tell(caller, new ReplicaAnswer(Outcome.NotDone(Reason.Busy), default, core.Leader, null, told));
            return;
        }

        // It is stamped anew, and the bytes of an earlier try may still lie in the log.
        if (caller.WasTried && !probe.Plants(Mutant.HostStampsSharedBytes)) entry = (byte[])entry.Clone();
        caller.WasTried = true;
        propose(entry, caller);
    }

    private void Forward(Caller caller, ProposeCommand input)
    {
        if (_forwards.Count >= options.HeldRequestsMax)
        {
            Tell(caller, new ReplicaAnswer(Outcome.NotDone(Reason.Busy), default, core.Leader, null));
            return;
        }

        var number = _forwards.Add(new Forwards.Forwarded(caller, core.Leader, core.Term, input.Deadline));
        if (probe.Plants(Mutant.HostForwardsTwice)) network.Forward(core.Leader, new ForwardedCommand(number, core.Term, input.Entry));
        if (network.Forward(core.Leader, new ForwardedCommand(number, core.Term, input.Entry))) return;
        _forwards.TryTake(number, core.Leader, out _);
        Finish(caller, new ReplicaAnswer(Outcome.NotDone(Reason.NotLeader), default, core.Leader, null));
    }

    /// <summary>
    /// What was not done may be asked again. What nobody knows, too, when it names its session and request: then the state
    /// machine does it once, however often it comes.
    /// </summary>
    private bool MayTryAgain(Caller caller, Outcome outcome)
    {
        if (caller.Request is null || DeadlineOf(caller) <= _now) return false;
        var isPassing = outcome.Reason is Reason.NotLeader or Reason.NoLeader or Reason.LeadershipLost or Reason.LeaderNotReady
            or Reason.TransferInProgress or Reason.SnapshotInstalled;
        return outcome.Verdict switch
        {
            Verdict.NotDone => isPassing,
            Verdict.Unknown => isPassing && (caller.Request is RunQuery || MayRepeat((ProposeCommand)caller.Request)),
            _ => false,
        };
    }

    /// <summary>Nothing, unless a mistake is planted.</summary>
    private ReplicaAnswer Spoiled(ReplicaAnswer answer)
    {
        if (answer.Result is byte[] && probe.Plants(Mutant.HostForgetsResult)) answer = answer with { Result = null };
        if (answer.Outcome.Verdict == Verdict.Unknown && probe.Plants(Mutant.HostTellsUnknownAsNotDone))
            answer = answer with { Outcome = Outcome.NotDone(answer.Outcome.Reason) };
        if (answer.Result is not byte[] || !probe.Plants(Mutant.HostGivesOtherResult)) return answer;
        (_otherResult, var given) = (answer.Result, _otherResult ?? answer.Result);
        return answer with { Result = given };
    }

    private static void Tell(Caller caller, ReplicaAnswer answer)
    {
        if (caller.MayBeDone && answer.Outcome.Verdict == Verdict.NotDone)
            answer = answer with { Outcome = Outcome.Unknown(answer.Outcome.Reason) };
        caller.Answer(answer);
    }

    private bool MayRepeat(ProposeCommand write) => NamesItself(write.Entry) || probe.Plants(Mutant.HostRepeatsUnnamedWrites);

    private static bool NamesItself(byte[] entry) =>
        EntryEnvelope.TryRead(entry, out var envelope, out _) == EnvelopeError.None && envelope is { Session: not 0, Request: not 0 };

    private static long DeadlineOf(Caller caller) => caller.Request switch
    {
        ProposeCommand write => write.Deadline,
        RunQuery read => read.Deadline,
        _ => 0,
    };
}

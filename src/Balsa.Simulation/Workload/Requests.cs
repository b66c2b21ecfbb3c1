using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Reads;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Workload;

/// <summary>
/// Everything anyone asked for, and the two oracles of the callers' view: each request is answered once and truly, and a
/// read sees every write that was answered before it was asked.
/// </summary>
internal sealed class Requests(World world)
{
    private readonly List<ulong> _openByAge = [];
    private Request[] _requests = new Request[1024];
    private bool[] _committed = new bool[1024], _ruledOut = new bool[1024];
    private ulong _count, _commands, _answeredThrough;

    internal long Answered { get; private set; }

    internal long WritesDone { get; private set; }

    internal Request this[ulong correlation] => _requests[correlation];

    /// <summary>The newest place in the history that anyone has had an answer from.</summary>
    internal ulong AnsweredThrough => _answeredThrough;

    internal ulong NewCommand()
    {
        _commands++;
        if (_commands < (ulong)_committed.Length) return _commands;
        Array.Resize(ref _committed, 2 * _committed.Length);
        Array.Resize(ref _ruledOut, 2 * _ruledOut.Length);
        return _commands;
    }

    internal Correlation Ask(RequestKind kind, SimulatedNode node, int client = -1, ulong command = 0, ReadMode mode = default)
    {
        if (++_count == (ulong)_requests.Length) Array.Resize(ref _requests, 2 * _requests.Length);
        _requests[_count] = new Request
        {
            Kind = kind, State = RequestState.Open, Slot = node.Slot, Life = node.Life, Client = client, Command = command,
            Mode = mode, Needs = _answeredThrough, AskedAt = world.Now,
        };
        _openByAge.Add(_count);
        return new Correlation(_count);
    }

    internal void OnCompleted(SimulatedNode node, Correlation correlation, Outcome outcome, EntryId entry, MemberId leader)
    {
        if (!TryTake(node, correlation, out var request)) return;
        if (node.Memory.HandsOver.Correlation == correlation.Value) node.Memory.HandsOver = default;
        if (request.Kind is RequestKind.Propose) JudgeProposal(node, correlation.Value, request, outcome, entry);
        world.Clients.OnAnswered(request, outcome, leader);
    }

    internal void OnReadCompleted(SimulatedNode node, Correlation correlation, Outcome outcome, LogIndex index, MemberId leader)
    {
        if (!TryTake(node, correlation, out var request)) return;
        if (outcome.Verdict == Verdict.Done) JudgeRead(node, request, index);
        world.Clients.OnAnswered(request, outcome, leader);
    }

    /// <summary>An entry became part of the history.</summary>
    internal void OnCommitted(in EntryRef entry)
    {
        if (entry.Kind != EntryKind.Data) return;
        var command = entry.Payload.Value;
        if (_committed[command]) world.Verdicts.Report("one answer", $"command {command} is committed twice, now as {entry.Id}");
        if (_ruledOut[command])
            world.Verdicts.Report("one answer", $"command {command} is committed as {entry.Id} and was answered as not done");
        _committed[command] = true;
    }

    /// <summary>Where the proposal's entry is, once it is done.</summary>
    internal LogIndex? DoneAt(ulong correlation) => _requests[correlation].DoneAt is > 0 and var index ? new LogIndex(index) : null;

    /// <summary>A boot is over: nobody answers what it was asked.</summary>
    internal void OnNodeDown(SimulatedNode node)
    {
        foreach (var number in _openByAge)
        {
            ref var request = ref _requests[number];
            if (request.State == RequestState.Open && request.Slot == node.Slot) request.State = RequestState.Lost;
        }
    }

    /// <summary>A node that stops in order has answered everyone first.</summary>
    internal void CheckNoneOpen(SimulatedNode node, string why)
    {
        foreach (var number in _openByAge)
            if (_requests[number] is { State: RequestState.Open } open && open.Slot == node.Slot)
                world.Verdicts.Report("one answer", $"{node.Id} {why} and left request {number} ({open.Kind}) without an answer");
    }

    /// <summary>The oldest request of the members that nobody has answered, or 0. Strangers may wait for ever.</summary>
    internal ulong OldestOpen(long askedBefore, Configuration members)
    {
        foreach (var number in _openByAge)
        {
            ref readonly var request = ref _requests[number];
            if (request.State == RequestState.Open && request.AskedAt < askedBefore
                && members.Find(world.Nodes[request.Slot].Id) is not null) return number;
        }
        return 0;
    }

    internal void Tidy()
    {
        var kept = 0;
        for (var i = 0; i < _openByAge.Count; i++)
            if (_requests[_openByAge[i]].State == RequestState.Open) _openByAge[kept++] = _openByAge[i];
        _openByAge.RemoveRange(kept, _openByAge.Count - kept);
    }

    private bool TryTake(SimulatedNode node, Correlation correlation, out Request taken)
    {
        taken = default;
        if (correlation.Value == 0 || correlation.Value > _count)
        {
            world.Verdicts.Report("one answer", $"{node.Id} answers request {correlation.Value}, which nobody made");
            return false;
        }
        ref var request = ref _requests[correlation.Value];
        taken = request;
        if (request.State != RequestState.Open || request.Slot != node.Slot || request.Life != node.Life)
        {
            world.Verdicts.Report("one answer",
                $"{node.Id} answers request {correlation.Value} ({request.Kind}), which is {request.State}");
            return false;
        }
        request.State = RequestState.Answered;
        Answered++;
        if (_openByAge.Count > 256 && (Answered & 127) == 0) Tidy();
        return true;
    }

    private void JudgeProposal(SimulatedNode node, ulong number, in Request request, Outcome outcome, EntryId entry)
    {
        var committed = world.Oracles.Committed;
        switch (outcome.Verdict)
        {
            case Verdict.Done:
                WritesDone++;
                _requests[number].DoneAt = entry.Index.Value;
                if (!committed.Knows(entry.Index) || committed[entry.Index].Entry.Id != entry
                    || committed[entry.Index].Entry.Payload.Value != request.Command)
                    world.Verdicts.Report("one answer",
                        $"{node.Id} says command {request.Command} is done as {entry}; the history does not say so");
                _answeredThrough = Math.Max(_answeredThrough, entry.Index.Value);
                break;
            case Verdict.NotDone:
                _ruledOut[request.Command] = true;
                if (_committed[request.Command])
                    world.Verdicts.Report("one answer",
                        $"{node.Id} says command {request.Command} is not done ({outcome.Reason}); it is committed");
                break;
        }
    }

    private void JudgeRead(SimulatedNode node, in Request request, LogIndex index)
    {
        if (index > node.Applied)
            world.Verdicts.Report("linearizable reads", $"{node.Id} answers a read at {index} and has applied {node.Applied}");
        if (request.Mode == ReadMode.Local) return;
        if (index.Value < request.Needs)
            world.Verdicts.Report("linearizable reads",
                $"{node.Id} answers a {request.Mode} read at {index}; {request.Needs} was answered before it was asked");
        _answeredThrough = Math.Max(_answeredThrough, index.Value);
    }
}

using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Log;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Stores.Comparing;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>
/// What callers are told fits the one true history, in the order of real time: a write is where its answer says, a read shows
/// the state at its revision and nothing older than what was known when it began, and what is not done is nowhere.
/// </summary>
internal sealed class CallJudge(FullRun world, ApplyJudge applying, NaiveStore model)
{
    private readonly ByteWriter _answer = new();
    private readonly Dictionary<(ulong Session, ulong Request), byte[]> _told = [];

    /// <summary>The newest entry that somebody was told of.</summary>
    internal LogIndex Answered { get; private set; }

    /// <summary>An entry of the history, seen for the first time.</summary>
    internal void OnEntry(EntryId entry, ulong number)
    {
        if (!world.Calls.Knows(number))
        {
            world.Verdicts.Report("nothing invented", $"{entry} is of call {number}, which nobody made");
            return;
        }

        var call = world.Calls[number];
        call.Occurrences++;
        CheckOccurrences(call);
    }

    internal void OnNotDone(Call call) => CheckOccurrences(call);

    internal void OnDone(FullNode node, Call call, EntryId entry, byte[]? result)
    {
        if (result is null)
        {
            world.Verdicts.Report("one answer", $"{node.Id} says {call} is done and has no answer");
            return;
        }

        if (applying.At(entry.Index) is not { } applied || applied.Entry != entry || NumberAt(entry) != call.Number)
        {
            world.Verdicts.Report("writes are where they are said to be", $"{node.Id} says {call} is done as {entry}; the history does not");
            return;
        }

        if (!applied.Answer.AsSpan().SequenceEqual(result))
            world.Verdicts.Report("answers fit the history", $"{node.Id} tells {call} the answer of something else");
        if (entry.Index <= call.Needs)
            world.Verdicts.Report(
                "real-time order", $"{node.Id} says {call} is done at {entry.Index}; {call.Needs} was known before it began");
        call.Answer = result;
        CheckRepeated(node, call, result);
        Answered = LogIndex.Larger(Answered, entry.Index);
    }

    /// <summary>Carries out a confirmed read on the newest view of the node, and judges it.</summary>
    internal void OnRead(FullNode node, Call call)
    {
        _answer.Clear();
        using (var reader = node.Process!.Views.Enter()) reader.View.Range(call.Query!.Query, _answer);
        var visible = node.Process.Store.Visible;
        world.Trace.Take(call.Number, visible.Value);
        var (revision, compacted) = applying.StateAt(visible);
        var expected = model.Range(call.Query, revision, compacted);
        if (AnswerComparison.Difference(expected, Answer.ReadRange(_answer.Written)) is { } difference)
            world.Verdicts.Report("reads fit the history", $"{node.Id} answers {call} at {visible}: {difference}");
        if (call.Kind == CallKind.LocalRead) return;
        if (visible < call.Needs)
            world.Verdicts.Report(
                "real-time order", $"{node.Id} answers {call} from the state at {visible}; {call.Needs} was known before it began");
        Answered = LogIndex.Larger(Answered, visible);
    }

    /// <summary>Repeated under the same ids a request gets the same answer, or is told that the answer is not kept.</summary>
    private void CheckRepeated(FullNode node, Call call, byte[] result)
    {
        if (call.Request == 0) return;
        if ((StoreError)result[0] is StoreError.AnswerNotKept or StoreError.RequestTooOld or StoreError.SessionUnknown) return;
        if (_told.TryAdd((call.Session, call.Request), result) || _told[(call.Session, call.Request)].AsSpan().SequenceEqual(result)) return;
        world.Verdicts.Report("exactly once", $"{node.Id} gives {call} another answer than it was given before");
    }

    private ulong NumberAt(EntryId entry) => applying.At(entry.Index)?.Call ?? 0;

    /// <summary>What names its session and request may be proposed several times in one attempt; what does not, once.</summary>
    private void CheckOccurrences(Call call)
    {
        var possible = call.Attempts - call.NotDone;
        if (call.Occurrences > 0 && (possible == 0 || (call.Request == 0 && call.Occurrences > possible)))
            world.Verdicts.Report(
                "not done is not done",
                $"{call} is {call.Occurrences} times in the history; of {call.Attempts} attempts {call.NotDone} were called not done");
    }
}

using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;
using Balsa.Simulation.Judging.Searching;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Simulation.Judging;

/// <summary>
/// Decides whether one store that does one thing at a time could have answered as the clients say. With revisions it replays
/// them. Without it searches, keys in turns with slices that grow, so one hopeless key does not hide what another shows at once.
/// </summary>
public static class Judge
{
    private const int FirstSlice = 1 << 10;
    private const int LongestSlice = 1 << 16;
    private const long RoomWords = 1L << 28;

    /// <param name="history">What the clients saw.</param>
    /// <param name="isTimeUp">Asked often. Once it is true the verdict is unknown, or the window stays as it is.</param>
    /// <param name="oracle">How to judge.</param>
    /// <exception cref="HistoryException">The history has not what this oracle needs.</exception>
    public static Judgement Decide(History history, Func<bool> isTimeUp, Oracle oracle = Oracle.Auto) =>
        Decide(history, isTimeUp, oracle, JudgeMutant.None);

    internal static Judgement Decide(History history, Func<bool> isTimeUp, Oracle oracle, JudgeMutant mutant)
    {
        var bare = history.WithoutRevision;
        if (oracle == Oracle.Revisions && bare is not null)
        {
            throw new HistoryException(
                $"The operation of line {bare.Line} has no revision.", "Only histories in which every answer has one can be replayed.");
        }

        if (oracle == Oracle.Search || bare is not null) return Search(history, isTimeUp, mutant);
        return RevisionReplay.Decide(history, isTimeUp, mutant) with { Oracle = Oracle.Revisions };
    }

    private static Judgement Search(History history, Func<bool> isTimeUp, JudgeMutant mutant)
    {
        var room = new Room(RoomWords);
        var waiting = new Queue<(List<Operation> Operations, KeySearch Search, int Slice)>();
        foreach (var operations in Searchable.Of(history))
            waiting.Enqueue((operations, new KeySearch(operations, room, mutant), FirstSlice));
        while (waiting.TryDequeue(out var turn))
        {
            if (isTimeUp()) return new Judgement(Verdict.Unknown);
            turn.Search.Advance(turn.Slice);
            if (turn.Search.Verdict == Verdict.NotLinearizable) return Wrong(turn.Operations, isTimeUp);
            if (turn.Search.Verdict == Verdict.Unknown)
                waiting.Enqueue((turn.Operations, turn.Search, Math.Min(turn.Slice * 2, LongestSlice)));
        }

        return new Judgement(Verdict.Linearizable);
    }

    private static Judgement Wrong(List<Operation> operations, Func<bool> isTimeUp)
    {
        var window = Window.Of(operations, isTimeUp);
        var where = KeySearch.TouchesManyKeys(operations) ? "" : $" of key \"{operations[0].Key}\"";
        return new Judgement(Verdict.NotLinearizable)
        {
            Window = window, Reason = $"No order explains these {window.Count} operations{where}.",
        };
    }
}

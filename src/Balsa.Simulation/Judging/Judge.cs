using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Searching;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Simulation.Judging;

/// <summary>
/// Decides whether one store that does one thing at a time could have answered as the clients say. Keys are searched in turns
/// with slices that grow, so one hopeless key does not hide what another shows at once.
/// </summary>
public static class Judge
{
    private const int FirstSlice = 1 << 10;
    private const int LongestSlice = 1 << 16;
    private const long RoomWords = 1L << 28;

    /// <param name="history">What the clients saw.</param>
    /// <param name="isTimeUp">Asked often. Once it is true the verdict is unknown, or the window stays as it is.</param>
    public static Judgement Decide(History history, Func<bool> isTimeUp)
    {
        var room = new Room(RoomWords);
        var waiting = new Queue<(List<Operation> Operations, KeySearch Search, int Slice)>();
        foreach (var operations in history.ByKey()) waiting.Enqueue((operations, new KeySearch(operations, room), FirstSlice));
        while (waiting.TryDequeue(out var turn))
        {
            if (isTimeUp()) return new Judgement(Verdict.Unknown);
            turn.Search.Advance(turn.Slice);
            if (turn.Search.Verdict == Verdict.NotLinearizable)
                return new Judgement(Verdict.NotLinearizable) { Window = Window.Of(turn.Operations, isTimeUp) };
            if (turn.Search.Verdict == Verdict.Unknown)
                waiting.Enqueue((turn.Operations, turn.Search, Math.Min(turn.Slice * 2, LongestSlice)));
        }

        return new Judgement(Verdict.Linearizable);
    }
}

using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Searching;

namespace Balsa.Simulation.Judging.Windows;

/// <summary>
/// Makes what is wrong with a key small enough to read: first the shortest beginning that is wrong, then without the operations
/// that can be left out (<see cref="Omission"/>). Whatever is left is wrong by itself, and shows that the whole is.
/// </summary>
internal sealed class Window
{
    private const int Readable = 12;
    private const int LargestPart = 1 << 10;
    private const long RoomWords = 1L << 24;
    private const int Slice = 1 << 12;
    private const int StepsATry = 1 << 20;

    private readonly Func<bool> _isTimeUp;
    private long _steps = 1L << 25;
    private List<Operation> _operations;

    private Window(List<Operation> operations, Func<bool> isTimeUp)
    {
        _operations = operations;
        _isTimeUp = isTimeUp;
    }

    internal static IReadOnlyList<Operation> Of(List<Operation> operations, Func<bool> isTimeUp)
    {
        var window = new Window(operations, isTimeUp);
        window.Shorten();
        window.LeaveOut(hidden: false);
        // Better a few operations too many, which say what should have been seen, than a bare read.
        if (window._operations.Count > Readable) window.LeaveOut(hidden: true);
        return window._operations;
    }

    /// <summary>What is wrong stays wrong when more follows, so the first wrong moment is found by halving.</summary>
    private void Shorten()
    {
        var ends = new List<long>();
        foreach (var operation in _operations)
            if (operation.Outcome == Outcome.Done) ends.Add(operation.End);
        ends.Sort();
        var all = _operations;
        var (low, high) = (0, ends.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var beginning = Until(all, ends[middle]);
            if (IsWrong(beginning))
            {
                _operations = beginning;
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }
    }

    /// <summary>What a client that stopped looking at a moment would have seen: what was going on then has an unknown outcome.</summary>
    private static List<Operation> Until(List<Operation> operations, long moment)
    {
        var beginning = new List<Operation>();
        foreach (var operation in operations)
        {
            if (operation.Begin > moment) continue;
            var isOver = operation.Outcome != Outcome.Done || operation.End <= moment;
            beginning.Add(isOver ? operation : operation with { Outcome = Outcome.Unknown, End = Operation.Never });
        }

        return beginning;
    }

    private void LeaveOut(bool hidden)
    {
        var size = Math.Clamp(_operations.Count / 2, 1, LargestPart);
        while (!IsOver())
        {
            var count = _operations.Count;
            // From the end: looks mostly come after what they look at, and hold it.
            for (var end = count; end > 0 && !IsOver(); end -= size) TryWithout(Math.Max(0, end - size), end, hidden);
            if (size == 1 && _operations.Count == count) return;
            size = Math.Max(1, size / 2);
        }
    }

    private void TryWithout(int start, int end, bool hidden)
    {
        var omitted = new Omission(_operations, hidden).Between(start, end);
        var rest = new List<Operation>();
        for (var i = 0; i < _operations.Count; i++)
            if (!omitted[i]) rest.Add(_operations[i]);
        if (rest.Count < _operations.Count && IsWrong(rest)) _operations = rest;
    }

    private bool IsWrong(List<Operation> operations)
    {
        var search = new KeySearch(operations, new Room(RoomWords));
        for (var steps = 0; steps < StepsATry && search.Verdict == Verdict.Unknown && !IsOver(); steps += Slice)
        {
            search.Advance(Slice);
            _steps -= Slice;
        }

        return search.Verdict == Verdict.NotLinearizable;
    }

    private bool IsOver() => _steps <= 0 || _isTimeUp();
}

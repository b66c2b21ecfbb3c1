using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Searching;

/// <summary>
/// Calls and returns of a key in the order of time, linked both ways, so that an operation is lifted out and put back in its
/// place in constant time. The call of operation i has the number i, its return i + count; an open one has no return.
/// </summary>
internal sealed class Chain
{
    private readonly int[] _next;
    private readonly int[] _before;
    private readonly bool[] _returns;
    private readonly int _count;

    internal Chain(IReadOnlyList<Operation> operations, JudgeMutant mutant)
    {
        _count = operations.Count;
        _returns = new bool[_count];
        _next = new int[2 * _count + 1];
        _before = new int[2 * _count + 1];
        var events = new List<(long Time, int Number)>();
        for (var i = 0; i < _count; i++)
        {
            events.Add((operations[i].Begin, i));
            _returns[i] = operations[i].Outcome == Outcome.Done;
            if (_returns[i]) events.Add((operations[i].End - (mutant == JudgeMutant.TouchIsBefore ? 1 : 0), i + _count));
        }

        // At the same moment calls, which have the smaller numbers, come before returns: both operations overlap.
        events.Sort();
        var last = Head;
        foreach (var (_, number) in events)
        {
            Join(last, number);
            last = number;
        }

        Join(last, Head);
    }

    /// <summary>Before the first and behind the last.</summary>
    internal int Head => 2 * _count;

    internal int Next(int number) => _next[number];

    internal bool IsCall(int number) => number < _count;

    internal void Lift(int operation)
    {
        Join(_before[operation], _next[operation]);
        var end = operation + _count;
        if (_returns[operation]) Join(_before[end], _next[end]);
    }

    /// <summary>The reverse of the last lift that is still in force.</summary>
    internal void Restore(int operation)
    {
        if (_returns[operation]) Insert(operation + _count);
        Insert(operation);
    }

    private void Insert(int number)
    {
        _next[_before[number]] = number;
        _before[_next[number]] = number;
    }

    private void Join(int first, int second)
    {
        _next[first] = second;
        _before[second] = first;
    }
}

namespace Balsa.Simulation.Judging.Histories;

/// <summary>
/// Operations as a run sees them, one client's or several clients' one after the other. Clients that run at the same time need
/// a recording each, with one clock for all; <see cref="Together"/> joins them.
/// </summary>
public sealed class Recording
{
    private readonly List<Operation> _operations = [];

    public int Count => _operations.Count;

    /// <summary>The operation of a number, as far as it is known.</summary>
    public Operation this[int number] => _operations[number];

    /// <summary>
    /// Notes an operation before it is sent, and returns its number. Until it is ended, its outcome is unknown, which is also
    /// right for one that never ends.
    /// </summary>
    public int Begin(Operation asked)
    {
        _operations.Add(asked with { Outcome = Outcome.Unknown, End = Operation.Never });
        return _operations.Count - 1;
    }

    /// <summary>Adds what the client was told, at the moment at which it was told.</summary>
    /// <param name="number">What <see cref="Begin"/> returned.</param>
    /// <param name="outcome">Done, certainly not done, or unknown.</param>
    /// <param name="time">Not before the operation began, in the unit of its beginning.</param>
    /// <param name="answer">Fills in found values, revisions and whether conditions held; only for what was done.</param>
    public void End(int number, Outcome outcome, long time, Func<Operation, Operation>? answer = null)
    {
        var asked = _operations[number];
        if (time < asked.Begin) throw new ArgumentOutOfRangeException(nameof(time), time, "An operation cannot end before it begins.");
        var told = outcome == Outcome.Done && answer is not null ? answer(asked) : asked;
        _operations[number] = told with { Outcome = outcome, End = outcome == Outcome.Unknown ? Operation.Never : time };
    }

    /// <summary>What several clients saw, as one history. The recordings must not be written to meanwhile.</summary>
    public static History Together(params IEnumerable<Recording> recordings)
    {
        var all = new List<Operation>();
        foreach (var recording in recordings) all.AddRange(recording._operations);
        return new History(all);
    }
}

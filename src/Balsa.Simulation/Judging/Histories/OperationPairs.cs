namespace Balsa.Simulation.Judging.Histories;

/// <summary>Joins what began with what ended. A client has one open operation at a time.</summary>
internal sealed class OperationPairs
{
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly List<Operation> _operations = [];
    private bool? _hasTimes;

    internal void Add(HistoryEvent happened)
    {
        _hasTimes ??= happened.Time is not null;
        if (_hasTimes != happened.Time is not null)
            throw HistoryReader.Unreadable(happened.Line, "Either every event has a time or none has.");
        var time = happened.Time ?? happened.Line;
        if (happened.Begun is { } begun) Begin(happened, begun with { Client = happened.Client, Begin = time, Line = happened.Line });
        else End(happened, time);
    }

    internal History Finish() => new(_operations);

    private void Begin(HistoryEvent happened, Operation begun)
    {
        if (_open.TryGetValue(happened.Client, out var earlier))
        {
            throw HistoryReader.Unreadable(
                happened.Line, $"Client {happened.Client} has not ended what it began on line {_operations[earlier].Line}.");
        }

        _open.Add(happened.Client, _operations.Count);
        _operations.Add(begun);
    }

    private void End(HistoryEvent happened, long time)
    {
        if (!_open.Remove(happened.Client, out var place) || time < _operations[place].Begin)
        {
            throw new HistoryException(
                $"Line {happened.Line} ends an operation before it begins.",
                $"Client {happened.Client} has begun none at that time.");
        }

        var asked = _operations[place];
        var ended = (happened.Answer?.Invoke(asked) ?? asked) with { Outcome = happened.Outcome };
        // Nobody knows when an unknown one takes effect, so its return ends nothing.
        _operations[place] = ended with { End = ended.Outcome == Outcome.Unknown ? Operation.Never : time };
    }
}

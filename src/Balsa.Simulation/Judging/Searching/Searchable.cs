using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Searching;

/// <summary>
/// A history as the search can take it: without revisions, and in parts that do not touch each other, so that it holds exactly
/// if each part does. A condition on a revision becomes one on the value that was written then. That is a little less than
/// what was asked, so the search never finds fault with what is right.
/// </summary>
internal static class Searchable
{
    /// <exception cref="HistoryException">There is something that only revisions can judge.</exception>
    internal static List<List<Operation>> Of(History history)
    {
        var values = new Dictionary<(string Key, long Revision), string>();
        foreach (var operation in history.Operations) Note(operation, values);
        var plain = new List<Operation>();
        foreach (var operation in history.Operations) plain.Add(Plain(operation, values));
        // An earlier state may be read at any time from the beginning on.
        plain.Sort((one, other) => (one.Begin, one.Line).CompareTo((other.Begin, other.Line)));
        return Parts.Of(plain);
    }

    private static void Note(Operation operation, Dictionary<(string Key, long Revision), string> values)
    {
        if (operation.Outcome != Outcome.Done) return;
        if (operation is { Kind: OperationKind.Get, Modified: { } modified, Found: { } found }) values[(operation.Key, modified)] = found;
        var isPut = operation.Kind is OperationKind.Put or OperationKind.Replace or OperationKind.Swap or OperationKind.PutIf;
        if (isPut && operation is { Revision: { } revision, Met: not false }) values[(operation.Key, revision)] = operation.Value!;
    }

    private static Operation Plain(Operation operation, Dictionary<(string Key, long Revision), string> values)
    {
        if (operation.Kind is OperationKind.Grant or OperationKind.KeepAlive or OperationKind.Revoke || HangsOnLease(operation))
            throw OnlyRevisions(operation, "leases end at a moment that no client sees");
        foreach (var compare in operation.Compares)
        {
            if (compare.Target != CompareTarget.Value && !compare.IsAboutPresence)
                throw OnlyRevisions(operation, "its comparison is about a revision or a version");
        }

        if (operation.IsStale) operation = operation with { Begin = long.MinValue };
        return operation.Kind == OperationKind.PutIf ? PlainCondition(operation, values) : operation;
    }

    private static Operation PlainCondition(Operation operation, Dictionary<(string Key, long Revision), string> values)
    {
        if (operation.IfRevision == 0) return operation with { Kind = OperationKind.Swap, Expected = null };
        var isRefused = operation.Outcome == Outcome.Done && operation.Met == false;
        // A refused one looked at what is there, if it was shown that.
        var isShown = operation.Modified is { } modified && (modified == 0) == (operation.Found is null);
        if (isRefused && isShown) return operation with { Kind = OperationKind.Get };
        if (isRefused) return operation with { Outcome = Outcome.NotDone };
        return values.TryGetValue((operation.Key, operation.IfRevision), out var expected)
            ? operation with { Kind = OperationKind.Swap, Expected = expected }
            : operation with { Kind = OperationKind.Replace };
    }

    private static bool HangsOnLease(Operation operation)
    {
        if (operation.Lease != 0) return true;
        foreach (var part in operation.Then)
            if (part.Lease != 0) return true;
        foreach (var part in operation.Else)
            if (part.Lease != 0) return true;
        return false;
    }

    private static HistoryException OnlyRevisions(Operation operation, string why) => new(
        $"The operation of line {operation.Line} can only be judged by revisions.", $"A search knows none, and {why}.");
}

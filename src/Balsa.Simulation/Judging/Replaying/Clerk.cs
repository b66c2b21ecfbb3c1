using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>Carries operations out on a shelf and compares what comes out with what the client was told.</summary>
/// <param name="shelf">What the operations work on.</param>
/// <param name="knowsRevisions">Whether revisions on the shelf mean anything, and answers that name some are compared.</param>
internal sealed class Clerk(Shelf shelf, bool knowsRevisions)
{
    private bool _isTold;
    private long _revision;
    private bool _hasChanged;

    /// <summary>What the answer of the last operation should have been; null when it fits.</summary>
    internal Dispute? Dispute { get; private set; }

    /// <summary>A lease that some grant of unknown outcome may have begun.</summary>
    internal HashSet<long> PossibleLeases { get; } = [];

    /// <summary>True if it changed something.</summary>
    /// <param name="operation">One whose outcome is not known has no answer to compare.</param>
    /// <param name="revision">What a change gets.</param>
    internal bool Play(Operation operation, long revision)
    {
        (_isTold, _revision, _hasChanged, Dispute) = (operation.Outcome == Outcome.Done, revision, false, null);
        switch (operation.Kind)
        {
            case OperationKind.Txn:
                PlayTxn(operation);
                break;
            case OperationKind.Grant or OperationKind.KeepAlive or OperationKind.Revoke:
                PlayLease(operation);
                break;
            case OperationKind.Replace or OperationKind.Swap or OperationKind.PutIf:
                PlayConditional(operation);
                break;
            default:
                Run(PartOf(operation, operation.Kind));
                break;
        }

        return _hasChanged;
    }

    /// <summary>Everything that hangs on the lease goes, at one revision.</summary>
    internal bool Expire(long lease)
    {
        var keys = shelf.KeysOf(lease);
        foreach (var key in keys) shelf.Set(key, null);
        shelf.SetAlive(lease, isAlive: false);
        return keys.Count > 0;
    }

    private static Part PartOf(Operation operation, OperationKind kind) => new()
    {
        Kind = kind, Key = operation.Key, End = operation.RangeEnd, Value = operation.Value, Lease = operation.Lease,
        Limit = operation.Limit, Found = operation.Found, Modified = operation.Modified, Met = operation.Met, Items = operation.Items,
    };

    private void PlayTxn(Operation operation)
    {
        var holds = true;
        foreach (var compare in operation.Compares) holds &= Comparison.Holds(compare, shelf.Find(compare.Key));
        Expect(operation.Met, holds, "the comparisons", operation.Compares.Select(compare => compare.Key), isAboutAge: true);
        foreach (var part in holds ? operation.Then : operation.Else) Run(part);
        // Who was not told which half was done may have done the other.
        if (operation.Met is null && operation.Compares.Count > 0 && Dispute is not null) Dispute = Dispute with { Keys = [] };
    }

    private void PlayConditional(Operation operation)
    {
        var cell = shelf.Find(operation.Key);
        var holds = operation.Kind switch
        {
            OperationKind.Swap => cell?.Value == operation.Expected,
            OperationKind.PutIf => (cell?.Modified ?? 0) == operation.IfRevision,
            _ => cell is not null,
        };
        Expect(operation.Met, holds, "the condition", [operation.Key]);
        if (holds) Run(PartOf(operation, OperationKind.Put));
        // A refused one may have been shown what is there instead.
        else if (_isTold && knowsRevisions && operation.Modified is { } modified && modified != (cell?.Modified ?? 0))
            Complain($"what is there is of revision {cell?.Modified ?? 0}, not of {modified}", operation.Key);
        else if (_isTold && operation.Found is not null && operation.Found != cell?.Value)
            Complain($"what is there is {Describe(cell)}", operation.Key);
    }

    private void PlayLease(Operation operation)
    {
        var isAlive = shelf.IsAlive(operation.Lease) || PossibleLeases.Contains(operation.Lease);
        switch (operation.Kind)
        {
            case OperationKind.Grant:
                shelf.SetAlive(operation.Lease, isAlive: true);
                break;
            case OperationKind.KeepAlive:
                // A lease without keys may have ended without a trace.
                if (operation.Met != false) RequireAlive(operation.Lease);
                else if (shelf.KeysOf(operation.Lease).Count > 0) Complain($"lease {operation.Lease} still has keys");
                break;
            case OperationKind.Revoke when isAlive:
                _hasChanged = Expire(operation.Lease);
                break;
            default:
                if (operation.Met == true) RequireAlive(operation.Lease);
                break;
        }
    }

    private void Run(Part part)
    {
        switch (part.Kind)
        {
            case OperationKind.Get:
                Look(part);
                break;
            case OperationKind.Range:
                LookAt(part);
                break;
            case OperationKind.Put:
                if (part.Lease != 0) RequireAlive(part.Lease);
                Change(part.Key, part.Value!, part.Lease);
                break;
            case OperationKind.Append:
                Change(part.Key, shelf.Find(part.Key)?.Value + part.Value, shelf.Find(part.Key)?.Lease ?? 0);
                break;
            default:
                var keys = shelf.KeysIn(part);
                Expect(part.Met, keys.Count > 0, "there being something to delete", part.End is null ? [part.Key] : []);
                foreach (var key in keys) shelf.Set(key, null);
                _hasChanged |= keys.Count > 0;
                break;
        }
    }

    private void Change(string key, string value, long lease)
    {
        var before = shelf.Find(key);
        shelf.Set(key, new Cell(value, before?.Created ?? _revision, _revision, (before?.Version ?? 0) + 1, lease));
        _hasChanged = true;
    }

    private void Look(Part part)
    {
        var cell = shelf.Find(part.Key);
        if (!_isTold) return;
        if (cell?.Value != part.Found) Complain($"key \"{part.Key}\" had {Describe(cell)}", part.Key);
        else if (knowsRevisions && part.Modified is { } modified && modified != (cell?.Modified ?? 0))
            Complain($"key \"{part.Key}\" was last changed at revision {cell?.Modified ?? 0}", part.Key);
    }

    private void LookAt(Part part)
    {
        if (!_isTold || part.Items is not { } items) return;
        var keys = shelf.KeysIn(part);
        var count = part.Limit > 0 ? Math.Min(part.Limit, keys.Count) : keys.Count;
        for (var i = 0; i < Math.Max(count, items.Count); i++)
        {
            var told = i < items.Count ? items[i] : null;
            var key = i < count ? keys[i] : null;
            if (told is null || key is null || told.Key != key)
            {
                // The smaller of both is on one side only.
                var odd = told is null || (key is not null && string.CompareOrdinal(key, told.Key) < 0) ? key! : told.Key;
                Complain(count == items.Count ? $"key {i + 1} of the range was \"{key}\"" : $"the range had {keys.Count} keys", odd);
                return;
            }

            var cell = shelf.Find(key)!.Value;
            var isOfAnother = knowsRevisions && told.Modified is not null && told.Modified != cell.Modified;
            if (told.Value != cell.Value || isOfAnother) Complain($"key \"{key}\" had {Describe(cell)}", key);
        }
    }

    private void Expect(bool? told, bool holds, string what, IEnumerable<string> keys, bool isAboutAge = false)
    {
        if (!_isTold || told is null || told == holds) return;
        Dispute ??= new Dispute($"{what} {(holds ? "held" : "did not hold")}", [.. keys], isAboutAge);
    }

    private void RequireAlive(long lease)
    {
        if (!shelf.IsAlive(lease) && !PossibleLeases.Contains(lease)) Complain($"there was no lease {lease}");
    }

    private void Complain(string what, params IReadOnlyList<string> keys) => Dispute ??= new Dispute(what, keys);

    private static string Describe(Cell? cell) =>
        cell is { } present ? $"\"{present.Value}\" of revision {present.Modified}" : "no value";
}

using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>What an operation's own answer says about whether it changed anything, and so got a revision of its own.</summary>
internal enum Effect
{
    None,
    Maybe,
    Sure,
}

internal static class Effects
{
    internal static Effect Of(Operation operation) => operation.Kind switch
    {
        OperationKind.Put or OperationKind.Append => Effect.Sure,
        OperationKind.Delete => OfDelete(operation.Met),
        OperationKind.Replace or OperationKind.Swap or OperationKind.PutIf => operation.Met == true ? Effect.Sure : Effect.None,
        OperationKind.Txn => OfBranch(operation.Met == true ? operation.Then : operation.Else),
        OperationKind.Revoke => operation.Met == false ? Effect.None : Effect.Maybe,
        _ => Effect.None,
    };

    /// <summary>Whether it could ever change something.</summary>
    internal static bool CanChange(Operation operation) => operation.Kind switch
    {
        OperationKind.Get or OperationKind.Range or OperationKind.Grant or OperationKind.KeepAlive => false,
        OperationKind.Txn => HasChange(operation.Then) || HasChange(operation.Else),
        _ => true,
    };

    /// <summary>Whether it could change this key. Nobody knows beforehand which keys hang on a lease.</summary>
    internal static bool CanChange(Operation operation, string key) => operation.Kind switch
    {
        OperationKind.Txn => HasChange(operation.Then, key) || HasChange(operation.Else, key),
        OperationKind.Revoke => true,
        OperationKind.Delete => new Part { Kind = OperationKind.Delete, Key = operation.Key, End = operation.RangeEnd }.Covers(key),
        _ => operation.Key == key && CanChange(operation),
    };

    private static Effect OfDelete(bool? met) => met switch { true => Effect.Sure, false => Effect.None, _ => Effect.Maybe };

    private static Effect OfBranch(IReadOnlyList<Part> parts)
    {
        var effect = Effect.None;
        foreach (var part in parts)
        {
            if (part.Kind is OperationKind.Put or OperationKind.Append) return Effect.Sure;
            if (part.Kind != OperationKind.Delete) continue;
            var deleted = OfDelete(part.Met);
            if (deleted == Effect.Sure) return deleted;
            if (deleted == Effect.Maybe) effect = deleted;
        }

        return effect;
    }

    private static bool HasChange(IReadOnlyList<Part> parts, string? key = null)
    {
        foreach (var part in parts)
        {
            var isChange = part.Kind is OperationKind.Put or OperationKind.Append or OperationKind.Delete;
            if (isChange && (key is null || part.Covers(key))) return true;
        }

        return false;
    }
}

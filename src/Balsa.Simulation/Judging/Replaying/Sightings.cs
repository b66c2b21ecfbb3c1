using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>An answer that says when a key was changed: at a revision, and not again up to another.</summary>
/// <param name="Value">What was read; null where only the revision was told.</param>
internal readonly record struct Sighting(string Key, string? Value, long Modified, long At);

/// <summary>What the answer of an operation says about when keys were changed.</summary>
internal static class Sightings
{
    internal static List<Sighting> Of(Operation operation)
    {
        var seen = new List<Sighting>();
        // What a change got itself says nothing about what it met; what it met was there one revision before.
        var at = Effects.Of(operation) == Effect.None ? operation.Revision!.Value : operation.Revision!.Value - 1;
        if (operation.Kind == OperationKind.PutIf && operation.Met == true)
            seen.Add(new Sighting(operation.Key, null, operation.IfRevision, at));
        else if (operation.Kind is OperationKind.Get or OperationKind.PutIf && operation.Modified is { } modified)
            seen.Add(new Sighting(operation.Key, operation.Found, modified, at));
        Add(seen, operation.Items, at);
        // Inside a transaction a read sees what was put before it, so only one that changes nothing is taken.
        if (operation.Kind != OperationKind.Txn || Effects.Of(operation) != Effect.None) return seen;
        foreach (var part in operation.Met == true ? operation.Then : operation.Else)
        {
            if (part is { Kind: OperationKind.Get, Modified: { } written }) seen.Add(new Sighting(part.Key, part.Found, written, at));
            Add(seen, part.Items, at);
        }

        return seen;
    }

    private static void Add(List<Sighting> seen, IReadOnlyList<Item>? items, long at)
    {
        if (items is null) return;
        foreach (var item in items)
            if (item.Modified is { } modified) seen.Add(new Sighting(item.Key, item.Value, modified, at));
    }
}

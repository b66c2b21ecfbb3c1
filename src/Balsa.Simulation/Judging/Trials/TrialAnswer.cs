using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Trials;

/// <summary>Everything that a store could tell of one operation.</summary>
internal readonly record struct TrialAnswer(bool Met, string? Found, long Modified, IReadOnlyList<Item>? Items, long Revision)
{
    /// <summary>Of the parts of a transaction.</summary>
    internal List<TrialAnswer>? Parts { get; init; }

    /// <summary>Whether nothing that the client was told is different.</summary>
    internal bool Fits(Operation told)
    {
        if (told.Revision is { } revision && revision != Revision) return false;
        if (told.Met is { } met && met != Met) return false;
        if (told.Kind == OperationKind.Get && told.Found != Found) return false;
        var showsThere = told.Kind == OperationKind.Get || (told.Kind == OperationKind.PutIf && !Met);
        if (showsThere && told.Modified is { } modified && modified != Modified) return false;
        if (told is { Kind: OperationKind.PutIf, Met: false, Found: not null } && told.Found != Found) return false;
        if (told.Items is not null && !AreSame(told.Items, Items!)) return false;
        if (told.Kind != OperationKind.Txn) return true;
        var branch = Met ? told.Then : told.Else;
        for (var i = 0; i < branch.Count; i++)
            if (!Parts![i].FitsPart(branch[i])) return false;
        return true;
    }

    private bool FitsPart(Part told) => told.Kind switch
    {
        OperationKind.Get => told.Found == Found && (told.Modified is null || told.Modified == Modified),
        OperationKind.Range => told.Items is null || AreSame(told.Items, Items!),
        OperationKind.Delete => told.Met is null || told.Met == Met,
        _ => true,
    };

    private static bool AreSame(IReadOnlyList<Item> told, IReadOnlyList<Item> found)
    {
        if (told.Count != found.Count) return false;
        for (var i = 0; i < told.Count; i++)
        {
            var (key, value, modified) = told[i];
            if (key != found[i].Key || value != found[i].Value) return false;
            if (modified is not null && modified != found[i].Modified) return false;
        }

        return true;
    }
}

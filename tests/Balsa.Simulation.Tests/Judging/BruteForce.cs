using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>Tries every order of every choice of operations, with values as texts: slow, and too plain to be wrong.</summary>
internal static class BruteForce
{
    public static bool Explains(IReadOnlyList<Operation> operations) => Explains(operations, new bool[operations.Count], null);

    private static bool Explains(IReadOnlyList<Operation> operations, bool[] placed, string? value)
    {
        var left = Enumerable.Range(0, placed.Length).Where(i => !placed[i] && operations[i].Outcome != Outcome.NotDone).ToList();
        if (left.TrueForAll(i => operations[i].Outcome == Outcome.Unknown)) return true;
        foreach (var i in left)
        {
            if (left.Exists(other => operations[other].Outcome == Outcome.Done && operations[other].End < operations[i].Begin)) continue;
            var (allowed, next) = Step(operations[i], value);
            if (!allowed) continue;
            placed[i] = true;
            var explained = Explains(operations, placed, next);
            placed[i] = false;
            if (explained) return true;
        }

        return false;
    }

    private static (bool Allowed, string? Next) Step(Operation operation, string? value)
    {
        var isKnown = operation.Outcome == Outcome.Done;
        var met = operation.Kind switch
        {
            OperationKind.Swap => value == operation.Expected,
            OperationKind.Replace or OperationKind.Delete => value is not null,
            _ => true,
        };
        var next = operation.Kind switch
        {
            OperationKind.Get => value,
            OperationKind.Append => value + operation.Value,
            OperationKind.Delete => null,
            _ => operation.Value,
        };
        if (!isKnown) return (true, met ? next : value);
        if (operation.Kind == OperationKind.Get) return (value == operation.Found, value);
        return (operation.Met is null || operation.Met == met, met ? next : value);
    }
}

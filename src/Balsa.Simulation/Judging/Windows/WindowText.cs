using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Windows;

/// <summary>Tells a window in lines for people.</summary>
public static class WindowText
{
    private const int MostLines = 100;
    private const int LongestValue = 60;

    public static IEnumerable<string> Of(IReadOnlyList<Operation> window)
    {
        if (window.Count == 0) yield break;
        yield return $"No order explains these {window.Count} operations of key \"{window[0].Key}\".";
        yield return "What they cannot have seen is left out.";
        yield return $"  {"LINE",6}  {"CLIENT",-8}  {"BEGIN",12}  {"END",12}  OPERATION";
        if (window.Count > MostLines) yield return $"  ... {window.Count - MostLines} earlier ones";
        for (var i = Math.Max(0, window.Count - MostLines); i < window.Count; i++)
        {
            var operation = window[i];
            var end = operation.End == Operation.Never ? "..." : $"{operation.End}";
            yield return $"  {operation.Line,6}  {operation.Client,-8}  {operation.Begin,12}  {end,12}  {Deed(operation)}";
        }
    }

    private static string Deed(Operation operation)
    {
        var deed = operation.Kind switch
        {
            OperationKind.Get => "get",
            OperationKind.Put => $"put {Short(operation.Value)}",
            OperationKind.Append => $"append {Short(operation.Value)}",
            OperationKind.Delete => "delete",
            OperationKind.Replace => $"replace with {Short(operation.Value)}",
            _ => $"swap {Short(operation.Expected)} for {Short(operation.Value)}",
        };
        return operation.Outcome switch
        {
            Outcome.Unknown => $"{deed}: unknown",
            Outcome.NotDone => $"{deed}: not done",
            _ when operation.Kind == OperationKind.Get => $"{deed}: {Short(operation.Found)}",
            _ when operation.Met == false => $"{deed}: refused",
            _ => $"{deed}: done",
        };
    }

    private static string Short(string? value)
    {
        if (value is null) return "nothing";
        return value.Length <= LongestValue ? $"\"{value}\"" : $"\"...{value[^LongestValue..]}\"";
    }
}

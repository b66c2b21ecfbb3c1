using System.Globalization;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Windows;

/// <summary>Tells what is wrong with a history in lines for people.</summary>
public static class WindowText
{
    private const int MostLines = 100;

    public static IEnumerable<string> Of(Judgement judgement)
    {
        var window = judgement.Window;
        if (window.Count == 0) yield break;
        yield return judgement.Reason;
        if (judgement.Oracle == Oracle.Search) yield return "What they cannot have seen is left out.";
        yield return $"  {"LINE",6}  {"CLIENT",-8}  {"BEGIN",12}  {"END",12}  {"REVISION",8}  OPERATION";
        if (window.Count > MostLines) yield return $"  ... {window.Count - MostLines} earlier ones";
        for (var i = Math.Max(0, window.Count - MostLines); i < window.Count; i++)
        {
            var operation = window[i];
            var begin = operation.Begin == long.MinValue ? "any time" : Text(operation.Begin);
            var end = operation.End == Operation.Never ? "..." : Text(operation.End);
            var revision = operation.Revision is { } told ? Text(told) : "";
            yield return
                $"  {operation.Line,6}  {operation.Client,-8}  {begin,12}  {end,12}  {revision,8}  {OperationText.Of(operation)}";
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

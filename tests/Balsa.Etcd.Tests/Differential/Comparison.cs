using Balsa.Etcd.Tests.Steps;
using Balsa.Etcd.Tests.Stores;
using Balsa.KeyValue.Probes;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>Which answers of our store differ from etcd's: the numbers of the steps, and a report on the first.</summary>
internal sealed record Comparison(IReadOnlyList<int> Differing, string Report)
{
    /// <summary>Asks our store what etcd was asked. After the first difference the two may go apart, and more follow from it.</summary>
    public static Comparison Of<TProbe>(
        Transcript transcript, TProbe probe = default, bool isReplaced = false, bool onlyFirst = false)
        where TProbe : struct, IStoreProbe
    {
        var store = new StoreSide<TProbe>(probe, isReplaced);
        var differing = new List<int>();
        var report = "";
        for (var at = 0; at < transcript.Lines.Count && !(onlyFirst && differing.Count > 0); at++)
        {
            var (step, outcome) = transcript.Lines[at];
            var (expected, actual) = (OutcomeText.Of(step, outcome), Ask(store, step));
            if (expected == actual) continue;
            if (differing.Count == 0) report = DifferenceReport.Of(transcript, at, expected, actual);
            differing.Add(at);
        }

        if (differing.Count > 1) report += $"{differing.Count} steps differ: {string.Join(' ', differing.Take(20))}...\n";
        return new Comparison(differing, report);
    }

    /// <summary>A store that throws gave a wrong answer like any other.</summary>
    private static string Ask<TProbe>(StoreSide<TProbe> store, Step step) where TProbe : struct, IStoreProbe
    {
        try
        {
            return OutcomeText.Of(step, store.Ask(step));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"an exception: {failure}";
        }
    }
}

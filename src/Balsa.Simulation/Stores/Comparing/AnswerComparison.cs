using Balsa.KeyValue.Answers;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Comparing;

/// <summary>Compares answers in full.</summary>
internal static class AnswerComparison
{
    /// <summary>The first thing that differs, in words; null when nothing does.</summary>
    internal static string? Difference(Answer expected, Answer found)
    {
        if (expected.Error != found.Error) return Differs("error", expected.Error, found.Error);
        if (expected.Kind != found.Kind) return Differs("kind", expected.Kind, found.Kind);
        if (expected.Revision != found.Revision) return Differs("revision", expected.Revision, found.Revision);
        if (expected.Count != found.Count) return Differs("count", expected.Count, found.Count);
        if (expected.More != found.More) return Differs("more", expected.More, found.More);
        if (expected.Succeeded != found.Succeeded) return Differs("succeeded", expected.Succeeded, found.Succeeded);
        if (expected.Id != found.Id) return Differs("id", expected.Id, found.Id);
        if (expected.Seconds != found.Seconds) return Differs("seconds", expected.Seconds, found.Seconds);
        if (!expected.Alarms.SequenceEqual(found.Alarms))
            return Differs("alarms", string.Join(' ', expected.Alarms), string.Join(' ', found.Alarms));
        return Values(expected.Values, found.Values) ?? Responses(expected.Responses, found.Responses);
    }

    internal static bool AreEqual(KeyValue.Answers.KeyValue one, KeyValue.Answers.KeyValue two) =>
        one.Key.AsSpan().SequenceEqual(two.Key) && one.Value.AsSpan().SequenceEqual(two.Value) && one.Created == two.Created
        && one.Modified == two.Modified && one.Version == two.Version && one.Lease == two.Lease;

    internal static string Text(KeyValue.Answers.KeyValue value) =>
        $"{Words.Bytes(value.Key)}={Words.Bytes(value.Value)} created {value.Created} modified {value.Modified} "
        + $"version {value.Version} lease {value.Lease}";

    internal static string Differs<T>(string what, T expected, T found) => $"{what}: expected {expected}, found {found}";

    private static string? Values(
        IReadOnlyList<KeyValue.Answers.KeyValue> expected, IReadOnlyList<KeyValue.Answers.KeyValue> found)
    {
        for (var i = 0; i < Math.Min(expected.Count, found.Count); i++)
            if (!AreEqual(expected[i], found[i])) return Differs($"key-value {i}", Text(expected[i]), Text(found[i]));
        return expected.Count == found.Count ? null : Differs("number of key-values", expected.Count, found.Count);
    }

    private static string? Responses(IReadOnlyList<Answer> expected, IReadOnlyList<Answer> found)
    {
        if (expected.Count != found.Count) return Differs("number of responses", expected.Count, found.Count);
        for (var i = 0; i < expected.Count; i++)
            if (Difference(expected[i], found[i]) is { } difference) return $"response {i}: {difference}";
        return null;
    }
}

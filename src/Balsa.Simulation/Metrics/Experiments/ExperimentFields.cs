using System.Globalization;
using System.Text.Json;

namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>Values of keys. What is wrong is refused with the name of its key and what it may be.</summary>
internal sealed class ExperimentFields(IReadOnlyDictionary<string, JsonElement> fields, string where = "")
{
    internal bool Has(string key) => fields.ContainsKey(key);

    internal string Text(string key)
    {
        if (fields[key] is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text) return text;
        throw Wrong(key, "a text");
    }

    internal double Share(string key) => Number(key, 0, 1);

    internal double Number(string key, double min, double max)
    {
        var value = fields[key];
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max) return number;
        throw Wrong(key, $"a number from {Word(min)} to {Word(max)}");
    }

    internal double Or(string key, double otherwise, double min, double max) => Has(key) ? Number(key, min, max) : otherwise;

    internal int Whole(string key, int min, int max)
    {
        if (fields[key] is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        throw Wrong(key, $"a whole number from {min} to {max}");
    }

    internal ulong Seed(string key)
    {
        if (fields[key] is { ValueKind: JsonValueKind.Number } value && value.TryGetUInt64(out var number)) return number;
        throw Wrong(key, "a whole number that is not negative");
    }

    internal ExperimentException Wrong(string key, string wanted) =>
        new($"The key \"{key}\"{where} must be {wanted}.", $"It is {fields[key].GetRawText()}.");

    private static string Word(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}

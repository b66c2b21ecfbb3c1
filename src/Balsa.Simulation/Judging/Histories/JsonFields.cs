using System.Text.Json;

namespace Balsa.Simulation.Judging.Histories;

/// <summary>Fields of an object. What is missing where it must not be is refused with the number of the line.</summary>
internal static class JsonFields
{
    internal static string Text(JsonElement root, string name, int line) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw HistoryReader.Unreadable(line, $"It needs \"{name}\" with a text.");

    internal static string? TextOr(JsonElement root, string name, string? otherwise) =>
        root.TryGetProperty(name, out var value) ? value.GetString() ?? otherwise : otherwise;

    internal static long? Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    internal static IReadOnlyList<T> Each<T>(JsonElement root, string name, Func<JsonElement, T> read)
    {
        if (!root.TryGetProperty(name, out var list)) return [];
        var found = new List<T>();
        foreach (var element in list.EnumerateArray()) found.Add(read(element));
        return found;
    }
}

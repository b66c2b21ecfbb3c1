using System.Globalization;

namespace Balsa.Adapters.Nodes;

/// <summary>
/// What a member is called in a dialect. A name that ends in a number after one of the words by which nodes are called somewhere
/// (n3, Node3, server3, raftserver3) stands for that number; any other name is the same everywhere.
/// </summary>
public static class DialectNames
{
    private static readonly string[] Words = ["n", "node", "server", "raftserver"];

    /// <summary>The number in a name; null when it has none.</summary>
    public static int? NumberOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var word = name.TrimEnd("0123456789".ToCharArray());
        if (word.Length == name.Length || !Words.Contains(word, StringComparer.OrdinalIgnoreCase)) return null;
        return int.TryParse(name.AsSpan(word.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>As controllers call it: Node3.</summary>
    public static string ToController(string name) => NumberOf(name) is { } number ? $"Node{number}" : name;

    /// <summary>Whether two names mean the same member.</summary>
    public static bool Match(string one, string other) =>
        one.Equals(other, StringComparison.OrdinalIgnoreCase) || (NumberOf(one) is { } number && number == NumberOf(other));
}

using System.Text;
using System.Text.Json;

namespace Balsa.Adapters.Nodes;

/// <summary>One entry of the list that STORE appends to.</summary>
/// <param name="Position">From 1 on, without gaps.</param>
/// <param name="Term">Of the leader that took it.</param>
/// <param name="Key">Any JSON, as its sender wrote it.</param>
/// <param name="Value">Any JSON, as its sender wrote it.</param>
public sealed record StoredEntry(long Position, ulong Term, string Key, string Value)
{
    internal const string TermName = "Term", KeyName = "Key", ValueName = "Value";

    internal byte[] ToBytes() => Encoding.UTF8.GetBytes($$"""{"{{TermName}}":{{Term}},"{{KeyName}}":{{Key}},"{{ValueName}}":{{Value}}}""");

    internal static StoredEntry Read(long position, byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes, Depth);
        var root = document.RootElement;
        return new StoredEntry(
            position, root.GetProperty(TermName).GetUInt64(), root.GetProperty(KeyName).GetRawText(),
            root.GetProperty(ValueName).GetRawText());
    }

    /// <summary>One level more than a datagram may have, for the object around the value.</summary>
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 128 };
}

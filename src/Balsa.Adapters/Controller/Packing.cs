using System.Text;
using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Controller;

/// <summary>An entry as text on its way into a datagram.</summary>
/// <param name="Entry">Null for what nobody stored.</param>
internal readonly record struct PackedEntry(string Text, StoredEntry? Entry);

/// <summary>Spreads entries over datagrams that have room for so many bytes each, in order.</summary>
internal static class Packing
{
    /// <param name="shorten">Makes an entry fit that is too large for a datagram of its own.</param>
    internal static IReadOnlyList<IReadOnlyList<PackedEntry>> Pack(
        IEnumerable<PackedEntry> entries, int room, Func<PackedEntry, string> shorten)
    {
        var (parts, part, used) = (new List<IReadOnlyList<PackedEntry>>(), new List<PackedEntry>(), 0);
        foreach (var one in entries)
        {
            var entry = Encoding.UTF8.GetByteCount(one.Text) <= room ? one : one with { Text = shorten(one) };
            // With the comma before it.
            var bytes = Encoding.UTF8.GetByteCount(entry.Text) + 1;
            if (part.Count > 0 && used + bytes > room + 1)
            {
                parts.Add(part);
                (part, used) = ([], 0);
            }

            part.Add(entry);
            used += bytes;
        }

        parts.Add(part);
        return parts;
    }
}

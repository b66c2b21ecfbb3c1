using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Balsa.Raft.Log;
using Balsa.Replica.Skipping;
using Balsa.Storage;

namespace Balsa.Node.Skips;

/// <summary>The file <c>skips</c> of a data directory: which entries its operator wishes to be left out, as lines for people.</summary>
public static class SkipNote
{
    private const string Title = "balsa skips 1", Word = "skip ", Sum = "checksum ";

    public static byte[] ToBytes(IEnumerable<SkippedEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var text = new StringBuilder($"{Title}\n");
        foreach (var entry in entries.Distinct().OrderBy(entry => entry.Index.Value))
            text.Append(CultureInfo.InvariantCulture, $"{Word}{entry.Index.Value} {entry.HashText}\n");
        text.Append(Sum).Append(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>None when there is no such file.</summary>
    /// <exception cref="StorageException">What is there is not what <see cref="ToBytes"/> writes.</exception>
    public static IReadOnlyList<SkippedEntry> Read(DataDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (directory.Skips.IsEmpty) return [];
        return TryRead(directory.Skips.Span) ?? throw new StorageException(
            $"The file `skips` in {directory.Path} is damaged or of a newer version. It says which entries are to be left out. Remove it, "
            + "and name them again with `balsa doctor data`.");
    }

    /// <summary>Null for anything that <see cref="ToBytes"/> would not have written.</summary>
    public static IReadOnlyList<SkippedEntry>? TryRead(ReadOnlySpan<byte> bytes)
    {
        var found = new List<SkippedEntry>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            if (!line.StartsWith(Word, StringComparison.Ordinal)) continue;
            var parts = line[Word.Length..].Split(' ');
            if (parts.Length != 2 || !TryParse(parts[0], parts[1], out var entry)) return null;
            found.Add(entry);
        }

        return ToBytes(found).AsSpan().SequenceEqual(bytes) ? found : null;
    }

    /// <summary>An entry as an operator writes it.</summary>
    public static bool TryParse(string index, string hash, out SkippedEntry entry)
    {
        entry = default;
        ArgumentNullException.ThrowIfNull(hash);
        if (!ulong.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) return false;
        if (hash.Length != 16 || !ulong.TryParse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum)) return false;
        entry = new SkippedEntry(new LogIndex(number), sum);
        return true;
    }
}

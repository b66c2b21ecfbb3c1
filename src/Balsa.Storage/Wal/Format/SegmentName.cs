using System.Buffers;
using System.Globalization;

namespace Balsa.Storage.Wal.Format;

/// <summary>The names in the log's directory. A segment has its final name only when its head is on stable media.</summary>
internal static class SegmentName
{
    private const string Live = ".wal", Spare = "spare-", Damaged = "damaged-", Unfinished = ".new";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    internal static string OfLive(ulong sequence) => Hex(sequence) + Live;

    internal static string OfSpare(ulong number) => Spare + Hex(number);

    /// <summary>Set aside for people to look at; never read again.</summary>
    internal static string OfDamaged(ulong sequence) => Damaged + Hex(sequence);

    /// <summary>A spare whose zeros are not on stable media yet.</summary>
    internal static string OfUnfinished(ulong number) => OfSpare(number) + Unfinished;

    internal static bool TryLive(string name, out ulong sequence)
    {
        sequence = 0;
        return name.Length == 16 + Live.Length && name.EndsWith(Live, StringComparison.Ordinal) && TryHex(name.AsSpan(0, 16), out sequence);
    }

    internal static bool TrySpare(string name, out ulong number)
    {
        number = 0;
        return name.Length == Spare.Length + 16 && name.StartsWith(Spare, StringComparison.Ordinal)
            && TryHex(name.AsSpan(Spare.Length), out number);
    }

    internal static bool IsDamaged(string name) => name.StartsWith(Damaged, StringComparison.Ordinal);

    internal static bool IsUnfinished(string name) => name.EndsWith(Unfinished, StringComparison.Ordinal);

    private static string Hex(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture);

    private static bool TryHex(ReadOnlySpan<char> text, out ulong number)
    {
        // Only what Hex writes: upper case or signs would let two names mean one segment.
        number = 0;
        return !text.ContainsAnyExcept(HexDigits)
            && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}

namespace Balsa.KeyValue.Ranges;

/// <summary>What a key and an end mean together, in ranges, deletes, compares and watches.</summary>
internal readonly ref struct KeyBounds(ReadOnlySpan<byte> key, ReadOnlySpan<byte> end)
{
    internal ReadOnlySpan<byte> Key { get; } = key;

    internal ReadOnlySpan<byte> End { get; } = end;

    internal bool IsSingle => End.IsEmpty;

    /// <summary>A single zero byte as end: there is none.</summary>
    internal bool IsOpen => End.Length == 1 && End[0] == 0;

    /// <summary>Whether a key at or behind the first one is still inside.</summary>
    internal bool Reaches(ReadOnlySpan<byte> key) => IsOpen || key.SequenceCompareTo(End) < 0;
}

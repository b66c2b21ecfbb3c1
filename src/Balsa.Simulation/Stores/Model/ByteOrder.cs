namespace Balsa.Simulation.Stores.Model;

/// <summary>Byte by byte, a shorter one before what it begins.</summary>
internal sealed class ByteOrder : IComparer<byte[]>
{
    internal static ByteOrder Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);

    /// <summary>Whether a key lies in what a key and an end mean together.</summary>
    internal static bool IsInside(byte[] candidate, byte[] key, byte[] end) => end switch
    {
        [] => Instance.Compare(candidate, key) == 0,
        [0] => Instance.Compare(candidate, key) >= 0,
        _ => Instance.Compare(candidate, key) >= 0 && Instance.Compare(candidate, end) < 0,
    };
}

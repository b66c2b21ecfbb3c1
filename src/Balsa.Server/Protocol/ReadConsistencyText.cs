using Balsa.Raft.Reads;

namespace Balsa.Server.Protocol;

/// <summary>What a client may ask of a read, and what it is told that it got.</summary>
public static class ReadConsistencyText
{
    public const string Linearizable = "linearizable", Lease = "lease", Local = "local";

    public static IReadOnlyList<string> All { get; } = [Linearizable, Lease, Local];

    /// <summary>False for any other text.</summary>
    internal static bool TryRead(string? text, out ReadMode mode)
    {
        mode = text switch { Lease => ReadMode.Lease, Local => ReadMode.Local, _ => ReadMode.Quorum };
        return text is null or Linearizable or Lease or Local;
    }

    internal static string Of(ReadMode mode) => mode switch
    {
        ReadMode.Lease => Lease,
        ReadMode.Local => Local,
        _ => Linearizable,
    };
}

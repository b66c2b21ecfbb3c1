using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Skipping;

/// <summary>An entry that is to be left out of the state, named so that no other entry can be meant.</summary>
/// <param name="Hash">Over its term, its index and its bytes.</param>
public readonly record struct SkippedEntry(LogIndex Index, ulong Hash)
{
    private const int HeadBytes = 16;

    /// <summary>As it is written in commands and messages.</summary>
    public string HashText => Hash.ToString("x16", CultureInfo.InvariantCulture);

    public static SkippedEntry Of(EntryId entry, ReadOnlySpan<byte> bytes)
    {
        var named = new byte[HeadBytes + bytes.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(named, entry.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(named.AsSpan(8), entry.Index.Value);
        bytes.CopyTo(named.AsSpan(HeadBytes));
        return new SkippedEntry(entry.Index, BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(named)));
    }

    internal static SkippedEntry Of(in ReplicaEntry entry) => Of(entry.Ref.Id, entry.Payload.Span);

    public override string ToString() => $"{Index} (hash {HashText})";
}

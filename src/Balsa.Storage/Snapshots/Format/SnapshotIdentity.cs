using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Storage.Snapshots.Format;

/// <summary>
/// What a snapshot is a snapshot of. Nothing in it depends on the member that holds it, so that a snapshot taken in from a
/// leader is the leader's file, byte by byte.
/// </summary>
public readonly record struct SnapshotIdentity(GroupId Group, ulong Cluster, EntryId Id)
{
    internal const int Bytes = 32;

    /// <summary>Where the checksum of every block begins: a block of another snapshot cannot pass for one of this.</summary>
    internal uint Salt
    {
        get
        {
            Span<byte> bytes = stackalloc byte[Bytes];
            Write(bytes);
            return Crc32C.Of(bytes);
        }
    }

    public override string ToString() => $"snapshot {Id} of cluster {Cluster:x16}, {Group}";

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Id.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Id.Term.Value);
    }

    internal static SnapshotIdentity Read(ReadOnlySpan<byte> source) => new(
        new GroupId(BinaryPrimitives.ReadUInt64LittleEndian(source)), BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        new EntryId(
            new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[24..])),
            new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[16..]))));
}

using System.Buffers.Binary;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Trees;

namespace Balsa.KeyValue.Leases;

/// <summary>Which keys belong to a lease, in their order: a tree whose keys begin with the lease.</summary>
internal sealed class LeaseKeyIndex(MemoryParts memory)
{
    private const int LeaseBytes = 8;

    private byte[] _key = new byte[64];

    internal TreeReader Reader => memory.LeaseKeys.Reader;

    internal void Attach(long lease, ReadOnlySpan<byte> key)
    {
        var composed = Compose(lease, key);
        var reference = memory.Add(new Record { IsDelete = true, Key = composed }, 0);
        memory.LeaseKeys.Reader.Descend(composed, out var path);
        memory.LeaseKeys.Insert(ref path, composed, reference, live: 0);
    }

    internal void Detach(long lease, ReadOnlySpan<byte> key)
    {
        if (!memory.LeaseKeys.Reader.Descend(Compose(lease, key), out var path)) return;
        memory.Retirements.Record(memory.LeaseKeys.Reader.ReferenceAt(path), memory.Epoch);
        memory.LeaseKeys.Remove(ref path);
    }

    /// <summary>Goes through the keys of a lease: call again with the path until it says false.</summary>
    internal static bool First(in TreeReader reader, long lease, out TreePath path)
    {
        Span<byte> prefix = stackalloc byte[LeaseBytes];
        BinaryPrimitives.WriteInt64BigEndian(prefix, lease);
        reader.Descend(prefix, out path);
        return reader.Settle(ref path);
    }

    internal static bool TryTake(
        in TreeReader reader, in Memory.RecordReader records, long lease, in TreePath path, out ReadOnlySpan<byte> key)
    {
        var composed = records.Key(reader.ReferenceAt(path));
        var belongs = BinaryPrimitives.ReadInt64BigEndian(composed) == lease;
        key = belongs ? composed[LeaseBytes..] : default;
        return belongs;
    }

    private ReadOnlySpan<byte> Compose(long lease, ReadOnlySpan<byte> key)
    {
        if (_key.Length < LeaseBytes + key.Length) _key = new byte[(LeaseBytes + key.Length) * 2];
        BinaryPrimitives.WriteInt64BigEndian(_key, lease);
        key.CopyTo(_key.AsSpan(LeaseBytes));
        return _key.AsSpan(0, LeaseBytes + key.Length);
    }
}

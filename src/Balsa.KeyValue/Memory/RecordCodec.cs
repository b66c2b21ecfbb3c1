using System.Runtime.InteropServices;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Memory;

/// <summary>
/// A version of a key as words of a slot:
/// <code>
/// word 0     reference of the version before it
/// word 1     the revision that made it
/// word 2     its part of the content hash; 0 for a delete
/// bytes      flags | key length | key | version | revisions since creation | lease, if flagged | value length | value
/// </code>
/// A delete ends with its key. Lengths and numbers are varints: most need one byte.
/// </summary>
internal static class RecordCodec
{
    internal const int PreviousWord = 0, ModifiedWord = 1, HashWord = 2, HeadWords = 3;
    private const byte DeleteFlag = 1, LeaseFlag = 2;

    internal static int Words(in Record record)
    {
        var bytes = 1 + Varints.Length((ulong)record.Key.Length) + record.Key.Length;
        if (!record.IsDelete)
        {
            bytes += Varints.Length((ulong)record.Version) + Varints.Length((ulong)(record.Modified - record.Created))
                + (record.Lease != 0 ? 8 : 0) + Varints.Length((ulong)record.Value.Length) + record.Value.Length;
        }

        return HeadWords + (bytes + 7) / 8;
    }

    internal static void Write(Span<ulong> words, in Record record, ulong hash)
    {
        words[PreviousWord] = record.Previous;
        words[ModifiedWord] = (ulong)record.Modified;
        words[HashWord] = hash;
        var bytes = MemoryMarshal.AsBytes(words[HeadWords..]);
        bytes[0] = (byte)((record.IsDelete ? DeleteFlag : 0) | (record.Lease != 0 ? LeaseFlag : 0));
        var at = 1 + Varints.Write(bytes[1..], (ulong)record.Key.Length);
        record.Key.CopyTo(bytes[at..]);
        at += record.Key.Length;
        if (record.IsDelete) return;
        at += Varints.Write(bytes[at..], (ulong)record.Version);
        at += Varints.Write(bytes[at..], (ulong)(record.Modified - record.Created));
        if (record.Lease != 0)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], record.Lease);
            at += 8;
        }

        at += Varints.Write(bytes[at..], (ulong)record.Value.Length);
        record.Value.CopyTo(bytes[at..]);
    }

    internal static Record Read(ReadOnlySpan<ulong> words, ulong reference)
    {
        var bytes = MemoryMarshal.AsBytes(words[HeadWords..]);
        var flags = bytes[0];
        var at = 1 + Varints.Read(bytes[1..], out var keyLength);
        var key = bytes.Slice(at, (int)keyLength);
        var (previous, modified) = (words[PreviousWord], (long)words[ModifiedWord]);
        if ((flags & DeleteFlag) != 0)
            return new Record { Reference = reference, Previous = previous, Modified = modified, IsDelete = true, Key = key };
        at += key.Length;
        at += Varints.Read(bytes[at..], out var version);
        at += Varints.Read(bytes[at..], out var age);
        var lease = 0L;
        if ((flags & LeaseFlag) != 0)
        {
            lease = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
            at += 8;
        }

        at += Varints.Read(bytes[at..], out var valueLength);
        return new Record
        {
            Reference = reference, Previous = previous, Modified = modified, Created = modified - (long)age, Version = (long)version,
            Lease = lease, Key = key, Value = bytes.Slice(at, (int)valueLength),
        };
    }

    internal static ReadOnlySpan<byte> Key(ReadOnlySpan<ulong> words)
    {
        var bytes = MemoryMarshal.AsBytes(words[HeadWords..]);
        var at = 1 + Varints.Read(bytes[1..], out var length);
        return bytes.Slice(at, (int)length);
    }

    internal static bool IsDelete(ReadOnlySpan<ulong> words) => (MemoryMarshal.AsBytes(words[HeadWords..])[0] & DeleteFlag) != 0;
}

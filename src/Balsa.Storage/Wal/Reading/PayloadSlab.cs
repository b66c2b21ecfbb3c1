namespace Balsa.Storage.Wal.Reading;

/// <summary>
/// Where the payloads of one read are kept: side by side in a few arrays, because an array for each costs the collector more
/// than the disk takes. The entries of a read are used and dropped together, so they may share memory.
/// </summary>
internal struct PayloadSlab
{
    private const int BytesMin = 4 << 10, BytesMax = 1 << 20;

    private byte[]? _bytes;
    private int _used;
    private long _kept;

    /// <param name="bytesLeft">How many bytes this read may still keep, with this payload.</param>
    internal ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> payload, long bytesLeft)
    {
        if (_bytes is null || payload.Length > _bytes.Length - _used)
        {
            // As large as everything before it: a short read wastes little, and a long one soon has large arrays.
            var size = Math.Min(Math.Clamp(_kept, BytesMin, BytesMax), bytesLeft);
            (_bytes, _used) = (GC.AllocateUninitializedArray<byte>((int)Math.Max(size, payload.Length)), 0);
        }

        var kept = _bytes.AsMemory(_used, payload.Length);
        payload.CopyTo(kept.Span);
        _used += payload.Length;
        _kept += payload.Length;
        return kept;
    }
}

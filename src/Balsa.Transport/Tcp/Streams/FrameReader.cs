using Balsa.Raft;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp.Streams;

/// <summary>Cuts a stream's bytes into frames. One reader; a frame's body is valid until the next one is read.</summary>
internal sealed class FrameReader(Stream stream)
{
    private const int WideBytes = 64 * 1024;

    // Enough for a hello and for pongs; strangers get no more.
    private byte[] _buffer = new byte[512];
    private int _start, _end;
    private long _received;

    internal FrameHeader Header { get; private set; }

    internal ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>All bytes so far, whole frames or not: a sign of life that any thread may look at.</summary>
    internal long Received => Volatile.Read(ref _received);

    /// <summary>Much is to come: room for many frames in one read.</summary>
    internal void Widen()
    {
        Invariant.Check(_buffer.Length < WideBytes);
        var wide = new byte[WideBytes];
        _buffer.AsSpan(_start, _end - _start).CopyTo(wide);
        (_buffer, _end, _start) = (wide, _end - _start, 0);
    }

    /// <summary>True when these bytes come next; they are used up.</summary>
    internal async ValueTask<bool> ReadExactlyAsync(ReadOnlyMemory<byte> expected, CancellationToken stop)
    {
        if (!await FillAsync(expected.Length, stop)) return false;
        var same = _buffer.AsSpan(_start, expected.Length).SequenceEqual(expected.Span);
        _start += expected.Length;
        return same;
    }

    /// <summary>Null when the other side has closed the connection; otherwise whether a whole frame is at hand.</summary>
    internal async ValueTask<FrameError?> ReadAsync(int bodyBytesMax, CancellationToken stop)
    {
        if (!await FillAsync(FrameHeader.Bytes, stop)) return null;
        var error = FrameHeader.TryRead(_buffer.AsSpan(_start, FrameHeader.Bytes), bodyBytesMax, out var header);
        if (error != FrameError.None) return error;
        _start += FrameHeader.Bytes;
        if (!await FillAsync(header.BodyBytes, stop)) return null;
        (Header, Body) = (header, _buffer.AsMemory(_start, header.BodyBytes));
        _start += header.BodyBytes;
        return FrameError.None;
    }

    private async ValueTask<bool> FillAsync(int needed, CancellationToken stop)
    {
        while (_end - _start < needed)
        {
            MakeRoom(needed);
            var received = await stream.ReadAsync(_buffer.AsMemory(_end), stop);
            if (received == 0) return false;
            _end += received;
            Volatile.Write(ref _received, _received + received);
        }

        return true;
    }

    private void MakeRoom(int needed)
    {
        if (_start == _end) _start = _end = 0;
        if (_buffer.Length - _start >= needed && _end < _buffer.Length) return;
        var into = needed > _buffer.Length ? new byte[needed] : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(into);
        (_buffer, _end, _start) = (into, _end - _start, 0);
    }
}

using System.Net.Sockets;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>Cuts a socket's bytes into frames. One reader; a frame's body is valid until the next one is read.</summary>
internal sealed class FrameReader(Socket socket, int bodyBytesMax)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start, _end;

    internal FrameHeader Header { get; private set; }

    internal ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>True when these bytes come next; they are used up.</summary>
    internal async ValueTask<bool> ReadExactlyAsync(ReadOnlyMemory<byte> expected, CancellationToken stop)
    {
        if (!await FillAsync(expected.Length, stop)) return false;
        var same = _buffer.AsSpan(_start, expected.Length).SequenceEqual(expected.Span);
        _start += expected.Length;
        return same;
    }

    /// <summary>Null when the other side has closed the connection; otherwise whether a whole frame is at hand.</summary>
    internal async ValueTask<FrameError?> ReadAsync(CancellationToken stop)
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
            var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, stop);
            if (received == 0) return false;
            _end += received;
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

namespace Balsa.Hosting.Snapshots;

/// <summary>A snapshot that has arrived in pieces, to be read once; each piece is let go of when it was read.</summary>
internal sealed class PieceStream(Queue<byte[]> pieces) : Stream
{
    private ReadOnlyMemory<byte> _current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_current.IsEmpty)
        {
            if (!pieces.TryDequeue(out var next)) return 0;
            _current = next;
        }

        var read = Math.Min(buffer.Length, _current.Length);
        _current.Span[..read].CopyTo(buffer);
        _current = _current[read..];
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

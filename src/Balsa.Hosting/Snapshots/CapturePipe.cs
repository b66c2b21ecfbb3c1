using Balsa.Replica.Contracts;

namespace Balsa.Hosting.Snapshots;

/// <summary>
/// Between the thread on which the user's format writes a snapshot and the replica, which takes it in pieces. Who writes
/// waits while too much lies here.
/// </summary>
internal sealed class CapturePipe : Stream
{
    private const int CapacityBytes = 1 << 20;

    private readonly LinkedList<ReadOnlyMemory<byte>> _pieces = [];
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _room = new(initialState: true);
    private long _waiting;
    private bool _isComplete, _isClosed, _readerWaits;
    private Exception? _problem;

    /// <summary>There is something to read again.</summary>
    internal Action Ready { get; set; } = () => { };

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(buffer.Length, CapacityBytes / 4)];
            _room.Wait();
            Add(piece.ToArray());
            buffer = buffer[piece.Length..];
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Everything was written, or cannot be.</summary>
    internal void Complete(Exception? problem = null)
    {
        bool tells;
        lock (_gate) (_isComplete, _problem, tells, _readerWaits) = (true, problem, _readerWaits, false);
        if (tells) Ready();
    }

    /// <summary>Nobody will read any more: whoever writes is stopped by an exception.</summary>
    internal void Abandon()
    {
        lock (_gate) (_isClosed, _readerWaits) = (true, false);
        _room.Set();
    }

    /// <summary>As <see cref="IStateCapture.Read"/> wants it.</summary>
    internal int Take(Span<byte> into)
    {
        lock (_gate)
        {
            if (_pieces.First is not { } first)
            {
                if (_problem is not null) throw new InvalidOperationException($"The state cannot be saved: {_problem.Message}", _problem);
                if (_isComplete) return IStateCapture.End;
                _readerWaits = true;
                return IStateCapture.Waits;
            }

            var taken = Math.Min(first.Value.Length, into.Length);
            first.Value.Span[..taken].CopyTo(into);
            first.Value = first.Value[taken..];
            if (first.Value.IsEmpty) _pieces.RemoveFirst();
            _waiting -= taken;
            if (_waiting < CapacityBytes) _room.Set();
            return taken;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Abandon();
        base.Dispose(disposing);
    }

    private void Add(byte[] piece)
    {
        bool tells;
        lock (_gate)
        {
            if (_isClosed) throw new IOException("The snapshot was given up.");
            _pieces.AddLast(piece);
            _waiting += piece.Length;
            if (_waiting >= CapacityBytes) _room.Reset();
            (tells, _readerWaits) = (_readerWaits, false);
        }

        if (tells) Ready();
    }
}

using System.Buffers;
using System.Buffers.Binary;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Snapshots;

/// <summary>
/// Between the thread that applies, which gives the state out in slices, and the one that writes it to the disk. Before the
/// machine's own content stands the log time, which the machine need not know.
/// </summary>
public sealed class CaptureBuffer
{
    internal const int PrefaceBytes = 8;
    private const int CapacityBytes = 1 << 20, RefillBytes = CapacityBytes / 2;

    private readonly Lock _gate = new();
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(CapacityBytes);
    private readonly Action _room;
    private int _start, _end;
    private bool _isComplete, _isCut;

    /// <param name="room">There is room again: called by the reading thread.</param>
    internal CaptureBuffer(long logTime, Action room)
    {
        _room = room;
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, logTime);
        _end = PrefaceBytes;
    }

    /// <summary>There is something to read that was not there before: called by the thread that applies.</summary>
    public Action News { get; set; } = () => { };

    internal bool IsComplete
    {
        get
        {
            lock (_gate) return _isComplete;
        }
    }

    /// <summary>The state machine gave up: what was read is worth nothing.</summary>
    public bool IsCut
    {
        get
        {
            lock (_gate) return _isCut;
        }
    }

    /// <summary>
    /// Puts the next bytes into the buffer and says how many, or <see cref="IStateCapture.Later"/>, or
    /// <see cref="IStateCapture.End"/>.
    /// </summary>
    public int Read(Span<byte> into)
    {
        int count;
        bool hasRoom;
        lock (_gate)
        {
            count = Math.Min(into.Length, _end - _start);
            if (count == 0) return _isComplete ? IStateCapture.End : IStateCapture.Later;
            _bytes.AsSpan(_start, count).CopyTo(into);
            var wasFull = _end - _start > RefillBytes;
            _start += count;
            if (_start == _end) _start = _end = 0;
            hasRoom = wasFull && _end - _start <= RefillBytes && !_isComplete;
        }

        if (hasRoom) _room();
        return count;
    }

    /// <summary>Fills what is free with a slice of the capture; true while a further slice could be taken at once.</summary>
    internal bool Fill(IStateCapture capture)
    {
        lock (_gate)
        {
            if (_isComplete || _end - _start > RefillBytes) return false;
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
            var count = capture.Read(_bytes.AsSpan(_end, CapacityBytes - _end));
            if (count == IStateCapture.Waits) return false;
            if (count == IStateCapture.End) _isComplete = true;
            else _end += count;
        }

        News();
        return !_isComplete;
    }

    /// <summary>Nobody reads any more: the memory serves the next snapshot, so that the collector has no work with it.</summary>
    internal void Release()
    {
        lock (_gate)
        {
            if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _start, _end, _isComplete) = ([], 0, 0, true);
        }
    }

    internal void Cut()
    {
        lock (_gate) _isCut = _isComplete = true;
        News();
    }
}

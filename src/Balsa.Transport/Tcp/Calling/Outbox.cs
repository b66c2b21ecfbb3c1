using System.Threading.Channels;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>
/// Frames that wait for one connection. When it is full, whoever tries is told and drops the frame, so that a slow peer
/// costs frames and not memory; whoever has time waits.
/// </summary>
internal sealed class Outbox(int framesMax, long bytesMax)
{
    private readonly Channel<OutgoingFrame> _frames = Channel.CreateBounded<OutgoingFrame>(
        new BoundedChannelOptions(framesMax) { FullMode = BoundedChannelFullMode.Wait });

    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    /// <summary>True once there is a connection that empties it, false when there will be none.</summary>
    internal Task<bool> Opened => _opened.Task;

    internal ChannelReader<OutgoingFrame> Reader => _frames.Reader;

    /// <summary>Nothing waits, and nothing is on its way.</summary>
    internal bool IsIdle => Interlocked.Read(ref _bytes) == 0;

    internal bool TryAdd(in OutgoingFrame frame)
    {
        if (Interlocked.Add(ref _bytes, frame.Length) <= bytesMax && _frames.Writer.TryWrite(frame)) return true;
        Interlocked.Add(ref _bytes, -frame.Length);
        return false;
    }

    /// <summary>A frame will come for which <see cref="AddAsync"/> waits; from now on the box is not idle.</summary>
    internal void Announce(in OutgoingFrame frame) => Interlocked.Add(ref _bytes, frame.Length);

    /// <summary>Waits for room. False when it was closed meanwhile; whoever announced the frame then has to finish it.</summary>
    internal async ValueTask<bool> AddAsync(OutgoingFrame frame, CancellationToken stop)
    {
        try
        {
            await _frames.Writer.WriteAsync(frame, stop);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>Wakes the one who sends, with a frame of no bytes, if nothing else does.</summary>
    internal void Wake() => _frames.Writer.TryWrite(default);

    /// <summary>The frame has left, or never will.</summary>
    internal void Finish(in OutgoingFrame frame)
    {
        if (frame.Length == 0) return;
        Interlocked.Add(ref _bytes, -frame.Length);
        frame.Release();
    }

    internal void Open() => _opened.TrySetResult(true);

    /// <summary>Nothing more is taken; what waits is still sent.</summary>
    internal void Retire() => _frames.Writer.TryComplete();

    /// <summary>The connection is gone: nothing more is taken, and what waits is dropped.</summary>
    internal void Close()
    {
        _opened.TrySetResult(false);
        _frames.Writer.TryComplete();
        while (_frames.Reader.TryRead(out var frame)) Finish(frame);
    }
}

using System.Threading.Channels;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>Frames that wait for one connection. Full means that frames are dropped: a slow peer costs frames, not memory.</summary>
internal sealed class Outbox(int framesMax, long bytesMax)
{
    private readonly Channel<OutgoingFrame> _frames = Channel.CreateBounded<OutgoingFrame>(
        new BoundedChannelOptions(framesMax) { FullMode = BoundedChannelFullMode.Wait });

    private long _bytes;

    internal ChannelReader<OutgoingFrame> Reader => _frames.Reader;

    internal bool TryAdd(in OutgoingFrame frame)
    {
        if (Interlocked.Add(ref _bytes, frame.Length) <= bytesMax && _frames.Writer.TryWrite(frame)) return true;
        Interlocked.Add(ref _bytes, -frame.Length);
        return false;
    }

    /// <summary>The frame has left, or never will.</summary>
    internal void Finish(in OutgoingFrame frame)
    {
        Interlocked.Add(ref _bytes, -frame.Length);
        frame.Release();
    }

    /// <summary>The connection is gone: nothing more is taken, and what waits is dropped.</summary>
    internal void Close()
    {
        _frames.Writer.TryComplete();
        while (_frames.Reader.TryRead(out var frame)) Finish(frame);
    }
}

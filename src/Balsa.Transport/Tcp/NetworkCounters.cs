using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>What happened on the wire since start. Numbers that only grow.</summary>
public sealed class NetworkCounters
{
    private readonly long[] _refused = new long[Enum.GetValues<FrameError>().Length];
    private long _dropped, _sent, _received, _silent, _evicted;

    /// <summary>Frames not sent because their peer was away or slow, or because they are too large.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public long Sent => Interlocked.Read(ref _sent);

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Connections closed because nothing was heard of the other side.</summary>
    public long Silent => Interlocked.Read(ref _silent);

    /// <summary>Strangers who had to make room for others.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Connections closed for this reason.</summary>
    public long Refused(FrameError reason) => Interlocked.Read(ref _refused[(int)reason]);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void CountSent(long frames) => Interlocked.Add(ref _sent, frames);

    internal void CountReceived() => Interlocked.Increment(ref _received);

    internal void CountSilent() => Interlocked.Increment(ref _silent);

    internal void CountEvicted() => Interlocked.Increment(ref _evicted);

    internal void CountRefused(FrameError reason) => Interlocked.Increment(ref _refused[(int)reason]);
}

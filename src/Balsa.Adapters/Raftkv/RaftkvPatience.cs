using Balsa.Grpc.Server;

namespace Balsa.Adapters.Raftkv;

/// <summary>How long a call may be worked on, so that its caller still hears how it ended.</summary>
internal static class RaftkvPatience
{
    private static readonly TimeSpan OnTheWayMax = TimeSpan.FromMilliseconds(200), Least = TimeSpan.FromMilliseconds(20);

    /// <param name="usual">When the caller did not say how long it waits.</param>
    internal static TimeSpan For(ServerCall call, TimeSpan usual)
    {
        if (call.Timeout is not { } timeout) return usual;
        var left = timeout - TimeSpan.FromTicks(Math.Min(timeout.Ticks / 5, OnTheWayMax.Ticks));
        return left < Least ? Least : left < usual ? left : usual;
    }
}

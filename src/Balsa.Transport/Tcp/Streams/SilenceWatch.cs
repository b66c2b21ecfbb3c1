namespace Balsa.Transport.Tcp.Streams;

/// <summary>
/// Closes a connection on which nothing arrives any more. It counts ticks and reads no clock: after a pause of this very
/// process one tick has passed, and nobody is taken for dead because of us.
/// </summary>
internal static class SilenceWatch
{
    /// <summary>True when the connection was closed for silence, false when it was stopped.</summary>
    /// <param name="onTick">What else is due now.</param>
    internal static async Task<bool> RunAsync(
        PeerConnection connection, PeerNetworkOptions options, Action onTick, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.PingInterval);
        var heard = connection.Reader.Received;
        var silent = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                onTick();
                var now = connection.Reader.Received;
                silent = now == heard ? silent + 1 : 0;
                heard = now;
                if (silent < options.DeadAfterTicks) continue;
                connection.Dispose();
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended in another way.
        }

        return false;
    }
}

namespace Balsa.Transport.Tcp.Calling;

/// <summary>The pause before the next dial: short after a connection that worked, otherwise growing.</summary>
internal sealed class Backoff(PeerNetworkOptions options) : IDisposable
{
    private readonly SemaphoreSlim _nudged = new(0, 1);
    private TimeSpan _pause = options.BackoffMin;

    /// <summary>The pause is over: there is a reason to believe that the peer is back.</summary>
    internal void Nudge()
    {
        if (_nudged.CurrentCount == 0) _nudged.Release();
    }

    internal async Task WaitAsync(bool worked, CancellationToken stop)
    {
        _pause = worked ? options.BackoffMin : TimeSpan.FromTicks(Math.Min(options.BackoffMax.Ticks, _pause.Ticks * 2));
        // Spread by up to a quarter, so that members that fell together do not all dial in the same moment.
        var spread = TimeSpan.FromTicks(_pause.Ticks * Random.Shared.Next(75, 100) / 100);
        if (await _nudged.WaitAsync(spread, stop)) _pause = options.BackoffMin;
    }

    public void Dispose() => _nudged.Dispose();
}

namespace Balsa.Transport.Tcp.Calling;

/// <summary>
/// How fast bulk data may leave, all links together. Who takes more than there is may go on in debt, after a wait: so a
/// frame larger than the bucket passes, too. The time comes from outside.
/// </summary>
internal sealed class TokenBucket(long bytesPerSecond)
{
    private readonly Lock _gate = new();

    // A tenth of a second: enough to keep a connection busy, too little to be felt by others.
    private readonly double _bytesMax = bytesPerSecond / 10.0;
    private double _bytes = bytesPerSecond / 10.0;
    private TimeSpan _filledAt;

    /// <summary>How long to wait before these bytes may leave. Without a rate there is no wait.</summary>
    internal TimeSpan Take(int bytes, TimeSpan now)
    {
        if (bytesPerSecond == 0) return TimeSpan.Zero;
        lock (_gate)
        {
            var passed = now > _filledAt ? now - _filledAt : TimeSpan.Zero;
            _filledAt += passed;
            _bytes = Math.Min(_bytesMax, _bytes + passed.TotalSeconds * bytesPerSecond) - bytes;
            return _bytes >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_bytes / bytesPerSecond);
        }
    }
}

using System.Net;

namespace Balsa.Adapters.Controller;

/// <summary>Who may give orders: whoever sends from an allowed address, and knows the secret if there is one.</summary>
/// <param name="allowed">Empty allows every address that can reach the port.</param>
internal sealed class ControllerGuard(IReadOnlyList<IPNetwork> allowed, string? secret, TimeProvider clock)
{
    /// <summary>More than anybody sends in the time for which one is remembered; beyond it all are refused until some are old.</summary>
    private const int SeenMax = 100_000;
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    internal bool Admits(IPAddress sender, ReadOnlySpan<byte> datagram)
    {
        var address = sender.IsIPv4MappedToIPv6 ? sender.MapToIPv4() : sender;
        if (allowed.Count > 0 && !allowed.Any(network => network.Contains(address))) return false;
        if (secret is null) return true;
        if (!DatagramSeal.TryOpen(datagram, secret, out var hash, out var moment)) return false;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return Math.Abs(now - moment) <= DatagramSeal.SkewMax.TotalMilliseconds && IsNew(hash, moment, now);
    }

    private bool IsNew(string hash, long moment, long now)
    {
        lock (_gate)
        {
            if (_seen.Count >= SeenMax)
                foreach (var old in _seen.Where(one => now - one.Value > DatagramSeal.SkewMax.TotalMilliseconds).ToList())
                    _seen.Remove(old.Key);
            return _seen.Count < SeenMax && _seen.TryAdd(hash, moment);
        }
    }
}

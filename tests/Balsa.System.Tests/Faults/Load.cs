using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.System.Tests.Faults;

/// <summary>Clients that write keys that nobody wrote before, and remember which of them were acknowledged.</summary>
internal sealed class Load(IReadOnlyList<IPEndPoint> endpoints)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, byte[]> _acknowledged = new(StringComparer.Ordinal);
    private int _last;

    internal int Acknowledged => _acknowledged.Count;

    /// <summary>When the last acknowledgement came, in seconds since 1970; strace writes times so, too.</summary>
    internal double LastAt { get; private set; }

    /// <summary>One client writes one key after the other, every so often a large one, until it is told to stop.</summary>
    internal async Task WriteUntilAsync(Func<bool> isOver, int largeEvery = 8, int limitMs = 2000)
    {
        var started = Stopwatch.GetTimestamp();
        using var client = new ClusterClient(endpoints);
        for (var count = 1; !isOver(); count++)
        {
            await WriteAsync(client, count % largeEvery == 0 ? 1 << 20 : 20, limitMs);
            Assert.True(Stopwatch.GetElapsedTime(started) < Longest, "what the writes wait for has not happened in time");
        }
    }

    /// <summary>What became of one more write.</summary>
    internal async Task<ClientResponse?> WriteAsync(ClusterClient client, int bytes, int limitMs)
    {
        var key = $"key-{Interlocked.Increment(ref _last)}";
        var value = Encoding.UTF8.GetBytes(key.PadRight(bytes, '.'));
        var request = new ClientRequest { Op = ClientOperation.Put, Key = Encoding.UTF8.GetBytes(key), Value = value };
        var response = await client.AskAsync(request, TimeSpan.FromMilliseconds(limitMs));
        if (response?.Outcome != ClientOutcome.Done) return response;
        LastAt = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        _acknowledged[key] = value;
        return response;
    }

    /// <summary>Reads every acknowledged key: of the cluster, or of one member alone.</summary>
    internal async Task AssertHeldAsync(IReadOnlyList<IPEndPoint> from, bool local)
    {
        using var client = new ClusterClient(from);
        foreach (var (key, value) in _acknowledged)
        {
            var request = new ClientRequest { Op = ClientOperation.Get, Key = Encoding.UTF8.GetBytes(key), Local = local };
            var response = await client.AskAsync(request, TimeSpan.FromSeconds(20));
            Assert.True(response?.Values is [{ Value: { } found }] && found.AsSpan().SequenceEqual(value),
                $"{key} was acknowledged and is gone: {response?.Outcome} {response?.Message}");
        }
    }
}

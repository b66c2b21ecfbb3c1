using System.Net;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>Dials a peer and says hello, until somebody at one of its addresses says welcome.</summary>
internal sealed class Caller(
    PeerNetworkOptions options, MemberId peer, LinkPurpose purpose, IReadOnlyList<EndPoint> addresses, NetworkCounters counters)
{
    private const int AnswerBytesMax = 4096;
    private readonly Dialer _dialer = new(options, peer, purpose, addresses);
    private readonly Dictionary<EndPoint, HelloVerdict> _said = [];

    /// <summary>Told of each new verdict that is not welcome.</summary>
    internal Action<HelloVerdict> OnRefused { get; init; } = _ => { };

    /// <summary>Null when nobody welcomes us now.</summary>
    internal async Task<PeerConnection?> CallAsync(Func<PeerHello> hello, CancellationToken stop)
    {
        await foreach (var (target, connection) in _dialer.DialAsync(stop))
        {
            var verdict = await TryGreetAsync(connection, hello(), stop);
            if (verdict == HelloVerdict.Welcome)
            {
                _said.Remove(target);
                _dialer.Prefer(target);
                return connection;
            }

            connection.Dispose();
            if (verdict is not { } refusal || (_said.TryGetValue(target, out var before) && before == refusal)) continue;
            _said[target] = refusal;
            OnRefused(refusal);
        }

        return null;
    }

    /// <summary>Null when there was no answer, or none that can be read.</summary>
    private async Task<HelloVerdict?> TryGreetAsync(PeerConnection connection, PeerHello hello, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.HelloTimeout);
        try
        {
            byte[] first = [.. HelloCodec.Preamble, .. HelloCodec.Write(hello)];
            await connection.Stream.WriteAsync(first, limit.Token);
            var reader = connection.Reader;
            if (await reader.ReadAsync(AnswerBytesMax, limit.Token) is not { } error) return null;
            var verdict = HelloVerdict.Welcome;
            if (error == FrameError.None) error = HelloCodec.TryReadAnswer(reader.Header, reader.Body.Span, out verdict, out _);
            if (error == FrameError.None) return verdict;
            counters.CountRefused(error);
        }
        catch (Exception problem) when (PeerConnection.IsBreak(problem))
        {
            // Nobody there who can talk, or not in time; the next address may do better.
        }

        return null;
    }
}

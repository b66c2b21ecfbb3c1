using System.Net;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>One question about founding and its answer, on a connection of their own.</summary>
internal sealed class FoundingCall(PeerNetworkOptions options, NetworkCounters counters)
{
    internal async Task<FoundingReply> AskAsync(
        IReadOnlyList<EndPoint> addresses, uint featureLevel, Parcel asked, CancellationToken stop)
    {
        var refusal = HelloVerdict.Welcome;
        var caller = new Caller(options, MemberId.None, LinkPurpose.Founding, addresses, counters)
        {
            OnRefused = verdict => refusal = verdict,
        };
        using var connection = await caller.CallAsync(() => PeerHello.OfFounding(options.Group, featureLevel), stop);
        if (connection is not null) return await TalkAsync(connection, asked, stop);
        stop.ThrowIfCancellationRequested();
        return new FoundingReply(null, refusal == HelloVerdict.Welcome ? "nobody answers there" : $"its answer to our call is {refusal}");
    }

    private async Task<FoundingReply> TalkAsync(PeerConnection connection, Parcel asked, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.FoundingTimeout);
        var frame = ParcelCodec.Write(asked, options.Group);
        try
        {
            await connection.Stream.WriteAsync(frame.Bytes, limit.Token);
            if (await connection.Reader.ReadAsync(options.FoundingBytesMax, limit.Token) is not { } error)
                return new FoundingReply(null, "it hung up without an answer");
            Parcel? answer = null;
            if (error == FrameError.None) error = ParcelCodec.TryRead(connection.Reader.Header, connection.Reader.Body.Span, out answer);
            if (error == FrameError.None && answer is FoundingAnswer read) return new FoundingReply(read, "");
            counters.CountRefused(error == FrameError.None ? FrameError.OutOfPlace : error);
            return new FoundingReply(null, "its answer cannot be read");
        }
        catch (Exception problem) when (PeerConnection.IsBreak(problem))
        {
            stop.ThrowIfCancellationRequested();
            return new FoundingReply(null, problem is OperationCanceledException ? "it did not answer in time" : problem.Message);
        }
        finally
        {
            frame.Release();
        }
    }
}

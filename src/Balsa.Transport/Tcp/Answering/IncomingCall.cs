using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Transport.Tcp.Answering;

/// <summary>
/// One connection that somebody made to us: his hello is judged, then what he says is handed in. Nothing is said to him
/// beside the answer to the hello, pongs, and answers about founding.
/// </summary>
internal sealed class IncomingCall(
    Socket socket, PeerNetworkOptions options, IPeerHandler handler, NetworkCounters counters, IncomingCalls calls,
    Action<MemberId> welcomed)
{
    /// <summary>Until we know who it is, nobody makes us allocate more.</summary>
    private const int HelloBytesMax = 4096;
    private readonly byte[] _pong = KeepAliveCodec.Write(FrameKind.Pong, options.Group);

    /// <summary>Ends it from outside.</summary>
    internal void Close() => socket.Dispose();

    internal async Task RunAsync(CancellationToken stop)
    {
        try
        {
            socket.NoDelay = true;
            if (await MeetAsync(stop) is not { } met) return;
            using var connection = met.Connection;
            if (met.Hello.Link == LinkPurpose.Founding) await TalkAsync(connection, stop);
            else await HearAsync(connection, met.Hello, stop);
        }
        catch (Exception problem) when (PeerConnection.IsBreak(problem))
        {
            // The caller is gone; it dials again when it is back.
        }
        finally
        {
            socket.Dispose();
            calls.Release(this);
        }
    }

    /// <summary>Null when he is not welcome, or nobody of ours.</summary>
    private async Task<(PeerConnection Connection, PeerHello Hello)?> MeetAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.HelloTimeout);
        var connection = new PeerConnection(socket, await options.Streams.AcceptAsync(socket, limit.Token));
        if (await WelcomeAsync(connection, limit.Token) is { } hello) return (connection, hello);
        connection.Dispose();
        return null;
    }

    private async Task<PeerHello?> WelcomeAsync(PeerConnection connection, CancellationToken stop)
    {
        var error = FrameError.NotAPeer;
        var hello = default(PeerHello);
        var reader = connection.Reader;
        if (await reader.ReadExactlyAsync(HelloCodec.Preamble.ToArray(), stop))
        {
            if (await reader.ReadAsync(HelloBytesMax, stop) is not { } read) return null;
            error = read == FrameError.None ? HelloCodec.TryRead(reader.Header, reader.Body.Span, out hello) : read;
        }

        var verdict = error == FrameError.UnknownVersion ? HelloVerdict.UnknownProtocol : HelloVerdict.Welcome;
        if (error == FrameError.None) verdict = Judge(hello);
        else counters.CountRefused(error);
        if (error is not (FrameError.None or FrameError.UnknownVersion)) return null;
        // Before it hears of it: a call that it makes after the welcome comes after this one here, too.
        var isMember = verdict == HelloVerdict.Welcome && hello.Link != LinkPurpose.Founding;
        if (isMember && !calls.TryPromote(this, hello.Hello.Origin.Member, hello.Link)) return null;
        await connection.Stream.WriteAsync(HelloCodec.WriteAnswer(verdict, options.Self, options.Group), stop);
        if (verdict == HelloVerdict.Welcome) return hello;
        handler.Note($"refused a call that says it is {hello.Hello.Origin.Member} of cluster {hello.Cluster:x}: {verdict}");
        return null;
    }

    private HelloVerdict Judge(in PeerHello hello)
    {
        if (hello.Link == LinkPurpose.Founding) return HelloVerdict.Welcome;
        if (options.Cluster == 0) return HelloVerdict.NotFounded;
        if (hello.Cluster != options.Cluster) return HelloVerdict.WrongCluster;
        return hello.To == options.Self && hello.Hello.Origin.Member != options.Self ? handler.Judge(hello) : HelloVerdict.WrongMember;
    }

    private async Task HearAsync(PeerConnection connection, PeerHello hello, CancellationToken stop)
    {
        var member = hello.Hello.Origin.Member;
        connection.Reader.Widen();
        if (hello.Link == LinkPurpose.Consensus) welcomed(member);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = SilenceWatch.RunAsync(connection, options, () => { }, ended.Token);
        try
        {
            var error = await ReceiveAllAsync(connection, hello, ended.Token);
            if (error == FrameError.None) return;
            counters.CountRefused(error);
            handler.Note($"closed the connection of {member}: {error}");
        }
        finally
        {
            await ended.CancelAsync();
            if (await watching)
            {
                counters.CountSilent();
                handler.Note($"closed the connection of {member}: nothing was heard of it for {options.DeadAfter.TotalSeconds:0.#} s");
            }
        }
    }

    private async Task<FrameError> ReceiveAllAsync(PeerConnection connection, PeerHello hello, CancellationToken stop)
    {
        var (reader, origin) = (connection.Reader, hello.Hello.Origin);
        while (await reader.ReadAsync(options.BodyBytesMax, stop) is { } error)
        {
            if (error != FrameError.None) return error;
            if (reader.Header.Group != origin.Group) return FrameError.OutOfPlace;
            if (reader.Header.Kind == FrameKind.Ping)
            {
                error = KeepAliveCodec.TryRead(reader.Header, FrameKind.Ping);
                if (error != FrameError.None) return error;
                await connection.Stream.WriteAsync(_pong, stop);
                continue;
            }

            error = Take(reader, origin, hello.Link);
            if (error != FrameError.None) return error;
            counters.CountReceived();
        }

        return FrameError.None;
    }

    private FrameError Take(FrameReader reader, in Origin origin, LinkPurpose link)
    {
        FrameError error;
        if (reader.Header.Kind == FrameKind.Parcel)
        {
            error = ParcelCodec.TryRead(reader.Header, reader.Body.Span, out var parcel);
            if (error != FrameError.None) return error;
            if (parcel!.Link != link) return FrameError.OutOfPlace;
            handler.Receive(origin, parcel);
            return FrameError.None;
        }

        if (link != LinkPurpose.Consensus) return FrameError.OutOfPlace;
        error = MessageDecoder.TryRead(reader.Header, reader.Body.Span, out var message);
        if (error == FrameError.None) handler.Receive(origin, message!);
        return error;
    }

    /// <summary>The caller stays a stranger, and has a limited time.</summary>
    private async Task TalkAsync(PeerConnection connection, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.FoundingTimeout);
        var reader = connection.Reader;
        while (await reader.ReadAsync(options.FoundingBytesMax, limit.Token) is { } error)
        {
            Parcel? asked = null;
            if (error == FrameError.None) error = ParcelCodec.TryRead(reader.Header, reader.Body.Span, out asked);
            if (error == FrameError.None && asked is not (FoundingAsk or FoundingRecord)) error = FrameError.OutOfPlace;
            if (error != FrameError.None) counters.CountRefused(error);
            if (error != FrameError.None) return;
            if (await handler.AnswerAsync(asked!, limit.Token) is not { } answer) return;
            var frame = ParcelCodec.Write(answer, options.Group);
            await connection.Stream.WriteAsync(frame.Bytes, limit.Token);
            frame.Release();
        }
    }
}

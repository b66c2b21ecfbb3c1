using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Balsa.Cli.Tests.Bench;

/// <summary>
/// As little of a gRPC server as the load generator needs. It allows so many calls at a time, and answers none while more of them
/// come in: so a client that goes too far is seen.
/// </summary>
internal sealed class StrictServer : IDisposable
{
    private const byte Data = 0, Headers = 1, Settings = 4, WindowUpdate = 8, EndStream = 1, EndHeaders = 4, Answer = 1;
    private const int FrameHeadBytes = 9;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<string> _statuses;
    private readonly uint _callsMax;
    private readonly Task _serving;

    /// <param name="statuses">What becomes of the first calls, by the status of gRPC; all others succeed.</param>
    internal StrictServer(uint callsMax, params string[] statuses)
    {
        (_callsMax, _statuses) = (callsMax, new Queue<string>(statuses));
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    internal IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The most calls that were open at a time since the client knew how many are allowed.</summary>
    internal int OpenAtMost { get; private set; }

    public void Dispose()
    {
        _listener.Stop();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length]);
            byte[] allowed = [0, 3, 0, 0, 0, 0];
            BinaryPrimitives.WriteUInt32BigEndian(allowed.AsSpan(2), _callsMax);
            await stream.WriteAsync(Frame(Settings, 0, 0, allowed));
            await stream.WriteAsync(Frame(WindowUpdate, 0, 0, [0x3f, 0xff, 0, 0]));
            await AnswerAllAsync(stream);
        }
        catch (Exception over) when (over is IOException or SocketException)
        {
            // The client is done, or the test.
        }
    }

    private async Task AnswerAllAsync(NetworkStream stream)
    {
        var open = new Queue<uint>();
        var head = new byte[FrameHeadBytes];
        var knows = false;
        while (true)
        {
            await stream.ReadExactlyAsync(head);
            await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);
            knows |= head[3] == Settings && (head[4] & Answer) != 0;
            if (head[3] == Data && (head[4] & EndStream) != 0)
            {
                open.Enqueue(BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(5)));
                if (knows) OpenAtMost = Math.Max(OpenAtMost, open.Count);
            }

            // What lies in the socket has been sent already: a client that went too far is seen before it has an answer.
            while (open.Count > 0 && !stream.DataAvailable) await stream.WriteAsync(AnswerTo(open.Dequeue()));
        }
    }

    private byte[] AnswerTo(uint call)
    {
        var status = _statuses.TryDequeue(out var planned) ? planned : "0";
        byte[] end = [0, 11, .. "grpc-status"u8, (byte)status.Length, .. Encoding.ASCII.GetBytes(status)];
        if (status != "0") return Frame(Headers, EndStream | EndHeaders, call, end);
        return
        [
            .. Frame(Headers, EndHeaders, call, [0x88]), .. Frame(Data, 0, call, [0, 0, 0, 0, 2, 10, 0]),
            .. Frame(Headers, EndStream | EndHeaders, call, end),
        ];
    }

    private static byte[] Frame(byte type, byte flags, uint stream, byte[] body)
    {
        var frame = new byte[FrameHeadBytes + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), stream);
        body.CopyTo(frame, FrameHeadBytes);
        return frame;
    }
}

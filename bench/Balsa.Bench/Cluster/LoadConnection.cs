using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Balsa.Bench.Measuring;

namespace Balsa.Bench.Cluster;

/// <summary>
/// One HTTP/2 connection that keeps a number of calls under way, on a thread of its own. Of the answers it reads only what tells
/// a success from a failure: a successful call has a message.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int FrameHeadBytes = 9;

    /// <summary>What a server allows at least, as long as it has not said more.</summary>
    private const uint StreamsAtFirst = 100;

    /// <summary>However busy the server is, so many calls at a time find out whether it still is.</summary>
    private const long CallsAtLeast = 16;
    private static readonly byte[] s_opening =
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        // No table for headers, no push, windows as large as they may be.
        0, 0, 18, 4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff,
        0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0, 0, 0,
    ];

    private readonly Socket _socket;
    private readonly RequestBytes _request;
    private readonly Random _random;
    private readonly Func<bool> _mayStart;
    private readonly int _callers;
    private readonly Dictionary<uint, Call> _calls = [];
    private readonly byte[] _in = new byte[1 << 18];
    private readonly Queue<long> _due = new();
    private byte[] _out = new byte[1 << 18];
    private int _outLength, _inLength;
    private uint _nextStream = 1, _streamsMax = StreamsAtFirst;
    private long _window = 65_535, _unread, _callsMax;

    private struct Call
    {
        internal long Begun;
        internal bool HasMessage;
    }

    /// <param name="callers">How many calls may be under way here.</param>
    /// <param name="mayStart">Takes one of the requests that are left; false when none is.</param>
    internal LoadConnection(IPEndPoint endpoint, LoadPlan plan, int seed, int callers, Func<bool> mayStart)
    {
        _callsMax = _callers = callers;
        (_request, _random, _mayStart) = (new RequestBytes(plan, endpoint), new Random(seed), mayStart);
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(endpoint);
        _socket.Send(s_opening);
    }

    internal LatencyCounts Latencies { get; } = new();

    internal long Errors { get; private set; }

    /// <summary>Calls that were refused because too many were under way, and sent again.</summary>
    internal long Repeated { get; private set; }

    /// <summary>How often which reason was given for an error.</summary>
    internal Dictionary<string, long> Reasons { get; } = new(StringComparer.Ordinal);

    public void Dispose() => _socket.Dispose();

    /// <summary>Each caller sends the next call at an answer, until none is left.</summary>
    internal void RunClosed()
    {
        for (var i = 0; i < _callers && _mayStart(); i++) _due.Enqueue(Stopwatch.GetTimestamp());
        while (_calls.Count > 0 || _due.Count > 0)
        {
            Send();
            Receive(() =>
            {
                if (_mayStart()) _due.Enqueue(Stopwatch.GetTimestamp());
            });
        }
    }

    /// <summary>
    /// Calls at fixed times: a late answer does not put off the next call. When all callers wait for answers a call waits for one
    /// of them, and its latency counts from its time all the same.
    /// </summary>
    internal void RunOpen(double perSecond)
    {
        var step = Stopwatch.Frequency / perSecond;
        var began = Stopwatch.GetTimestamp();
        var sent = 0L;
        var isOver = false;
        while (!isOver || _calls.Count > 0 || _due.Count > 0)
        {
            var now = Stopwatch.GetTimestamp();
            while (!isOver && began + (long)(sent * step) is var at && at <= now)
            {
                isOver = !_mayStart();
                if (isOver) break;
                _due.Enqueue(at);
                sent++;
            }

            Send();
            // A shorter wait would be none, and spin: what is due within it leaves together, and its latency counts from its time.
            if (_socket.Poll(1000, SelectMode.SelectRead)) Receive(() => { });
        }
    }

    private void Send()
    {
        // What a server does not allow yet waits here: it would refuse it, and that is an error of ours.
        while (_due.Count > 0 && _window >= _request.DataBytes && _calls.Count < Math.Min(_streamsMax, _callsMax))
        {
            Reserve(_request.Length);
            _request.Write(_out.AsSpan(_outLength), _nextStream, _random);
            _outLength += _request.Length;
            _window -= _request.DataBytes;
            _calls.Add(_nextStream, new Call { Begun = _due.Dequeue() });
            _nextStream += 2;
        }

        for (var sent = 0; sent < _outLength;) sent += _socket.Send(_out.AsSpan(sent, _outLength - sent));
        _outLength = 0;
    }

    private void Receive(Action done)
    {
        var received = _socket.Receive(_in.AsSpan(_inLength));
        if (received == 0) throw new IOException("the server closed the connection");
        _inLength += received;
        var at = 0;
        while (_inLength - at >= FrameHeadBytes)
        {
            var length = (_in[at] << 16) | (_in[at + 1] << 8) | _in[at + 2];
            if (_inLength - at < FrameHeadBytes + length) break;
            Take(_in[at + 3], _in[at + 4], BinaryPrimitives.ReadUInt32BigEndian(_in.AsSpan(at + 5)) & 0x7fff_ffff,
                _in.AsSpan(at + FrameHeadBytes, length), done);
            at += FrameHeadBytes + length;
        }

        _in.AsSpan(at, _inLength - at).CopyTo(_in);
        _inLength -= at;
    }

    private void Take(byte type, byte flags, uint stream, ReadOnlySpan<byte> body, Action done)
    {
        const byte data = 0, headers = 1, reset = 3, settings = 4, ping = 6, goAway = 7, windowUpdate = 8, isAnswer = 1, isEnd = 1;
        switch (type)
        {
            case data:
                GiveBack(body.Length);
                if (body.Length > 5 && _calls.TryGetValue(stream, out var call)) _calls[stream] = call with { HasMessage = true };
                if ((flags & isEnd) != 0) End(stream, done, "no status");
                break;
            case headers when (flags & isEnd) != 0: End(stream, done, AnswerHead.StatusOf(body)); break;
            case reset: End(stream, done, $"reset {BinaryPrimitives.ReadUInt32BigEndian(body)}"); break;
            case settings when (flags & isAnswer) == 0:
                _streamsMax = AnswerHead.StreamsMax(body) ?? _streamsMax;
                Write([0, 0, 0, settings, isAnswer, 0, 0, 0, 0]);
                break;
            case ping when (flags & isAnswer) == 0: Write([0, 0, 8, ping, isAnswer, 0, 0, 0, 0, .. body]); break;
            case goAway: throw new IOException("the server says goodbye");
            case windowUpdate when stream == 0: _window += BinaryPrimitives.ReadUInt32BigEndian(body) & 0x7fff_ffff; break;
        }
    }

    private void End(uint stream, Action done, string reason)
    {
        if (!_calls.Remove(stream, out var call)) return;
        if (!call.HasMessage && AnswerHead.IsBusy(reason))
        {
            // Nothing was done: it goes again, and counts from its first time. Fewer go at a time until answers come back.
            Repeated++;
            _callsMax = Math.Max(Math.Min(CallsAtLeast, _callers), _calls.Count / 2);
            _due.Enqueue(call.Begun);
            return;
        }

        if (call.HasMessage)
        {
            if (_callsMax < _callers) _callsMax++;
            Latencies.Add(Stopwatch.GetElapsedTime(call.Begun).Ticks);
        }
        else
        {
            Errors++;
            Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;
        }

        done();
    }

    private void GiveBack(int bytes)
    {
        _unread += bytes;
        if (_unread < 1 << 24) return;
        var update = new byte[FrameHeadBytes + 4];
        (update[2], update[3]) = (4, 8);
        BinaryPrimitives.WriteUInt32BigEndian(update.AsSpan(FrameHeadBytes), (uint)_unread);
        Write(update);
        _unread = 0;
    }

    private void Write(ReadOnlySpan<byte> frame)
    {
        Reserve(frame.Length);
        frame.CopyTo(_out.AsSpan(_outLength));
        _outLength += frame.Length;
    }

    private void Reserve(int bytes)
    {
        if (_out.Length - _outLength < bytes) Array.Resize(ref _out, Math.Max(2 * _out.Length, _outLength + bytes));
    }
}

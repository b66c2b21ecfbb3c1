using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Multicast;

namespace Balsa.Adapters.Calling;

/// <summary>The socket of a controller: sends requests, and hears answers whenever they come.</summary>
public sealed class ControllerCaller : IAsyncDisposable
{
    private const int BytesMax = 65_536;
    private readonly Socket _socket;
    private readonly Channel<ControllerReply> _heard = Channel.CreateBounded<ControllerReply>(
        new BoundedChannelOptions(100_000) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stopping = new();
    private readonly CallerOptions _options;
    private readonly Task _listening;

    /// <exception cref="SocketException">The address is taken, or not one of this machine.</exception>
    /// <exception cref="Node.NodeStartException">The group cannot be joined.</exception>
    public ControllerCaller(CallerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        // A list of thousands of entries comes as a row of datagrams, faster than anybody looks at them.
        _socket = options.Group is { } group ? MulticastPort.Join(group) : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _socket.ReceiveBufferSize = 4 << 20;
        if (options.Group is null) _socket.Bind(options.Bind ?? new IPEndPoint(IPAddress.Any, 0));
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Each answer, in the order in which they came.</summary>
    public ChannelReader<ControllerReply> Heard => _heard.Reader;

    public void Send(IPEndPoint to, CallerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Send(to, request.ToBytes(_options.Sender));
    }

    /// <summary>To everybody in the group.</summary>
    /// <param name="recipient">For whom it is; E for everyone.</param>
    public void SendToGroup(string recipient, CallerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var group = _options.Group ?? throw new InvalidOperationException("This controller is in no group.");
        Send(group.Group, request.ToBytes(_options.Sender, recipient));
    }

    /// <summary>Asks one node and collects what it says, until the answer is whole or the time is over.</summary>
    public async Task<IReadOnlyList<ControllerReply>> AskAsync(IPEndPoint to, CallerRequest request, TimeSpan timeout) =>
        await AskAsync([to], request, timeout);

    /// <summary>Asks several nodes at the same time, and waits until each has said all of its answer.</summary>
    public async Task<IReadOnlyList<ControllerReply>> AskAsync(IReadOnlyList<IPEndPoint> nodes, CallerRequest request, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        while (_heard.Reader.TryRead(out _))
        {
            // What came too late for an earlier question is no answer to this one.
        }

        foreach (var node in nodes) Send(node, request);
        var (replies, waiting) = (new List<ControllerReply>(), nodes.ToDictionary(node => node, _ => 0L));
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            while (waiting.Count > 0)
            {
                var reply = await _heard.Reader.ReadAsync(limit.Token);
                if (!waiting.TryGetValue(reply.From, out var parts) || reply.Counter != request.Counter) continue;
                replies.Add(reply);
                if (parts + 1 >= reply.Parts) waiting.Remove(reply.From);
                else waiting[reply.From] = parts + 1;
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever has not answered by now does not count.
        }

        return replies;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private void Send(IPEndPoint to, byte[] bytes)
    {
        _socket.SendTo(_options.Secret is { } secret ? DatagramSeal.Close(bytes, secret, DateTimeOffset.UtcNow) : bytes, to);
    }

    private async Task ListenAsync()
    {
        var (buffer, anyone) = (new byte[BytesMax], new IPEndPoint(IPAddress.Any, 0));
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stopping.Token);
                // In a group a controller hears itself, too, and other controllers.
                var reply = ControllerReply.Read(buffer.AsSpan(0, got.ReceivedBytes), (IPEndPoint)got.RemoteEndPoint, DateTimeOffset.Now);
                if (_options.Group is null || reply.Sender != _options.Sender) _heard.Writer.TryWrite(reply);
            }
            catch (SocketException)
            {
                // A node that is gone: some systems say so here. Its silence is answer enough.
                await Task.Yield();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}

/// <summary>How a controller presents itself.</summary>
public sealed record CallerOptions
{
    public string Sender { get; init; } = "Controller";

    /// <summary>Where to send from and listen; null for any free port. Answers come back to it.</summary>
    public IPEndPoint? Bind { get; init; }

    public string? Secret { get; init; }

    /// <summary>The group to speak and listen in, instead of an address of its own.</summary>
    public GroupOptions? Group { get; init; }
}

using System.Net;
using System.Net.Sockets;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tests.Tcp;

/// <summary>
/// Stands before a listener and passes bytes on both ways. A connection that is jammed gets through its hello, and from then
/// on nothing more is read from its caller: as if the process behind it stood still.
/// </summary>
internal sealed class Jam : IAsyncDisposable
{
    private const int GreetingBytes = 8 + FrameHeader.Bytes + 72, LinkAt = 8 + FrameHeader.Bytes + 64;
    private readonly IPEndPoint _target;
    private readonly Func<LinkPurpose, bool> _isJammed;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _running = [];
    private readonly Lock _gate = new();

    public Jam(IPEndPoint target, Func<LinkPurpose, bool> isJammed)
    {
        (_target, _isJammed) = (target, isJammed);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _running.Add(Task.Run(AcceptAsync));
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Task[] running;
        lock (_gate)
        {
            foreach (var socket in _sockets) socket.Dispose();
            running = [.. _running];
        }

        await Task.WhenAll(running);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptAsync();
                var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await listener.ConnectAsync(_target);
                lock (_gate)
                {
                    _sockets.AddRange([caller, listener]);
                    _running.Add(Task.Run(() => ForwardAsync(caller, listener)));
                    _running.Add(Task.Run(() => PassAsync(listener, caller)));
                }
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(Socket caller, Socket listener)
    {
        var greeting = new byte[GreetingBytes];
        try
        {
            for (var at = 0; at < greeting.Length;)
            {
                var read = await caller.ReceiveAsync(greeting.AsMemory(at));
                if (read == 0) return;
                at += read;
            }

            await listener.SendAsync(greeting);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            return;
        }

        if (!_isJammed((LinkPurpose)greeting[LinkAt])) await PassAsync(caller, listener);
    }

    private static async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0) await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // One side is gone; so is the other.
        }

        from.Dispose();
        to.Dispose();
    }
}

using System.Net;
using System.Net.Sockets;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Hosting.Local;

/// <summary>The connections of one member, which can be cut off from all others.</summary>
internal sealed class CutStreams : IPeerStreams
{
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private bool _isCut;

    internal bool IsCut
    {
        get
        {
            lock (_gate) return _isCut;
        }
    }

    internal void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            foreach (var socket in _open) socket.Dispose();
            _open.Clear();
        }
    }

    internal void Heal()
    {
        lock (_gate) _isCut = false;
    }

    public ValueTask<Stream> AcceptAsync(Socket accepted, CancellationToken stop) => new(Over(accepted));

    public ValueTask<Stream> ConnectAsync(Socket connected, EndPoint target, CancellationToken stop) => new(Over(connected));

    private NetworkStream Over(Socket socket)
    {
        lock (_gate)
        {
            if (_isCut) throw new IOException("This member is cut off.");
            _open.RemoveAll(known => !known.Connected);
            _open.Add(socket);
            return new NetworkStream(socket);
        }
    }
}

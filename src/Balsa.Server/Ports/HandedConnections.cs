using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Balsa.Server.Ports;

/// <summary>
/// An endpoint inside this process: Kestrel believes that it listens here, and gets the connections that were handed in. It
/// serves one protocol on each of its endpoints, and so a port of several protocols has one for each.
/// </summary>
internal sealed class HandedConnections(string name) : EndPoint, IConnectionListener
{
    private readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint => this;

    public override string ToString() => name;

    /// <summary>False when nobody takes connections any more.</summary>
    internal bool TryHand(ConnectionContext connection) => _waiting.Writer.TryWrite(connection);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            if (_waiting.Reader.TryRead(out var connection)) return connection;
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    /// <summary>What Kestrel asks for its listeners.</summary>
    internal sealed class Factory : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            new((HandedConnections)endpoint);
    }
}

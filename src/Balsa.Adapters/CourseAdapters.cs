using System.Net.Sockets;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Nodes;
using Balsa.Node;
using Balsa.Node.Stores;

namespace Balsa.Adapters;

/// <summary>
/// The ports of the course dialects that a node was told to open. They are opened before the node starts, so that a port that is
/// taken is an error at once, and begin to answer when there is a node to answer for.
/// </summary>
public sealed class CourseAdapters : IAsyncDisposable
{
    private readonly ControllerOptions? _options;
    private readonly Socket? _socket;
    private readonly CancellationTokenSource _stopping = new();
    private ControllerPort? _port;
    private Task _asking = Task.CompletedTask;

    private CourseAdapters(ControllerOptions? options) =>
        (_options, _socket) = (options, options is null ? null : ControllerPort.Bind(options.Listen));

    /// <param name="options">Null opens nothing.</param>
    /// <exception cref="NodeStartException">A port cannot be used: which, why, and what to do.</exception>
    public static CourseAdapters Open(ControllerOptions? options) => new(options);

    /// <summary>What came in at the controller port; null when there is none.</summary>
    public ControllerCounters? Counters => _port?.Counters;

    /// <summary>Begins to answer for a node that runs.</summary>
    public void Serve(RunningMember member, ViewGate views, MemberNodeOptions node)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(node);
        if (_options is not { } options) return;
        var permission = new ForcedElections(member);
        _asking = permission.RunAsync(_stopping.Token);
        var dialect = new MemberNode(member, views, permission, node);
        _port = new ControllerPort(_socket!, new ControllerDesk(dialect, new StoredLog(dialect), options.Dialect), options, node.Note);
        _port.Start();
        node.Note($"takes a controller's datagrams on {options.Listen} as {DialectNames.ToController(node.Name)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_port is not null) await _port.DisposeAsync();
        _socket?.Dispose();
        _stopping.Dispose();
    }
}

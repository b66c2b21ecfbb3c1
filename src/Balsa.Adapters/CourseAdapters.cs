using System.Net;
using System.Net.Sockets;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Multicast;
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
    private readonly Socket? _socket, _groupSocket;
    private readonly CancellationTokenSource _stopping = new();
    private ControllerPort? _port;
    private MulticastPort? _groupPort;
    private Task _asking = Task.CompletedTask;

    private CourseAdapters(ControllerOptions? options)
    {
        if (options is null) return;
        (_options, _socket) = (options, ControllerPort.Bind(options.Listen));
        if (options.Group is { } group) _groupSocket = MulticastPort.Join(group);
    }

    /// <param name="options">Null opens nothing.</param>
    /// <exception cref="NodeStartException">A port cannot be used: which, why, and what to do.</exception>
    public static CourseAdapters Open(ControllerOptions? options) => new(options);

    /// <summary>What came in at the controller port; null when there is none.</summary>
    public ControllerCounters? Counters => _port?.Counters;

    /// <summary>What came in from the group; null when there is none.</summary>
    public ControllerCounters? GroupCounters => _groupPort?.Counters;

    /// <summary>Begins to answer for a node that runs.</summary>
    public void Serve(RunningMember member, ViewGate views, MemberNodeOptions node)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(node);
        if (_options is not { } options) return;
        var permission = new ForcedElections(member);
        _asking = permission.RunAsync(_stopping.Token);
        var dialect = new MemberNode(member, views, permission, node);
        var log = new StoredLog(dialect);
        _port = new ControllerPort(_socket!, new ControllerDesk(dialect, log, Unicast(options)), options, node.Note);
        _port.Start();
        node.Note($"takes a controller's datagrams on {options.Listen} as {DialectNames.ToController(node.Name)}");
        if (!IPAddress.IsLoopback(options.Listen.Address) && options.Allowed.Count == 0 && options.Secret is null)
            node.Note("warning: anybody who reaches this port may stop this node; see --controller-allow and --controller-secret-file");
        if (options.Group is not { } group) return;
        var inGroup = InGroup(options);
        _groupPort = new MulticastPort(_groupSocket!, new ControllerDesk(dialect, log, inGroup), inGroup, options, node.Note);
        _groupPort.Start();
        node.Note($"listens in the group {group.Group} by {group.Interface}");
    }

    /// <summary>The entry that nobody stored belongs to the group's dialect alone.</summary>
    private static DialectOptions Unicast(ControllerOptions options) => options.Dialect with { DummyEntry = false };

    private static DialectOptions InGroup(ControllerOptions options) =>
        options.Dialect.EntryKeys == EntryKeys.Upper ? options.Dialect with { EntryKeys = EntryKeys.Lower } : options.Dialect;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_port is not null) await _port.DisposeAsync();
        if (_groupPort is not null) await _groupPort.DisposeAsync();
        _socket?.Dispose();
        _groupSocket?.Dispose();
        _stopping.Dispose();
    }
}

using Balsa.Node.Logs;
using Balsa.Node.Peers;
using Balsa.Node.Skips;
using Balsa.Node.Snapshots;
using Balsa.Node.Snapshots.Jobs;
using Balsa.Raft.Identity;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Contracts;
using Balsa.Replica.Hosting;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Storage;
using Balsa.Storage.Probes;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;

namespace Balsa.Node;

/// <summary>
/// One member on threads, disk and sockets: log, snapshots, replica and connections, joined. Whoever has a state machine
/// makes it a member of a cluster with this.
/// </summary>
public sealed class RunningMember : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly LogWriter<NoProbe> _log;
    private readonly EntryLoader<NoStorageProbe> _loader;
    private readonly SnapshotShelf<NoStorageProbe> _shelf;
    private readonly Action<Exception> _fatal;
    private readonly PeerGateway? _gateway;
    private readonly IMemberPeers? _otherPeers;
    private readonly IReadOnlyList<SeenPeer> _seen;
    private bool _isCutOff;

    /// <param name="directory">Opened; it is closed with the member.</param>
    /// <param name="note">Lines for the operator.</param>
    /// <param name="fatal">The member cannot go on: the process must end.</param>
    /// <exception cref="StorageException">The state cannot be restored.</exception>
    public RunningMember(
        MemberOptions options, DataDirectory directory, IStateMachine machine, Action<string> note, Action<Exception> fatal)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(machine);
        (_directory, _fatal) = (directory, fatal);
        var found = directory.Log;
        var group = options.Replica.Raft.Group;
        _log = new LogWriter<NoProbe>(directory, group, io => Pump!.OnDurable(io));
        _loader = new EntryLoader<NoStorageProbe>(directory.Opened, Post);
        (_otherPeers, _seen) = (options.OtherPeers, found.Peers);
        if (_otherPeers is null) _gateway = MakeGateway(options, directory.Path, found.Peers, note, fatal);
        _shelf = new SnapshotShelf<NoStorageProbe>(
            directory.SnapshotFolder, directory.Snapshots, options.Snapshots, (IParcelPost?)_otherPeers ?? Peers, Post);
        if (_gateway is not null) (_gateway.Snapshots, _gateway.PeerLost) = (_shelf.Receive, _shelf.OnPeerLost);
        var recovered = new RecoveredState(found.Base, found.BaseConfiguration) { HardState = found.HardState, Mode = found.Mode };
        var log = directory.Read(found.Base.Index.Next, found.Last.Index).Select(entry => new ReplicaEntry(entry.Ref, entry.Payload));
        var parts = new ReplicaParts(_log, _loader, _shelf, (IPeerNetwork?)_otherPeers ?? Peers, machine);
        var replica = options.Replica with
        {
            Skips = SkipNote.Read(directory),
            SkipCommand = entry => $"balsa doctor data {directory.Path} --skip-entry {entry.Index} --hash {entry.HashText}",
        };
        Replica = new RaftReplica<NoProbe>(
            replica, recovered, Restore(machine, log), parts, default, MonotonicClock.Now);
        Pump = new ReplicaPump<NoProbe>(Replica, replica, fatal);
    }

    public RaftReplica<NoProbe> Replica { get; }

    public ReplicaPump<NoProbe> Pump { get; }

    /// <summary>The connections to other members. Who gave the member another way to them has none.</summary>
    public PeerGateway Peers => _gateway ?? throw new InvalidOperationException("This member reaches the others in another way.");

    /// <summary>
    /// As if it had stopped, while it goes on to run: it neither hears nor is heard by other members, and serves nobody. The
    /// others elect another leader meanwhile; when it ends, this member catches up like one that was away.
    /// </summary>
    public bool PlaysDead
    {
        get => Pump.RefusesCallers;
        set => Pump.RefusesCallers = Peers.IsIsolated = value;
    }

    /// <summary>Lets the disk, the other members and time at it.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address for other members is taken or not ours.</exception>
    public void Start()
    {
        _directory.Start(_log, _fatal);
        var entries = _directory.StartLane("entries", _loader.Run(), _loader.Stop, _fatal);
        var snapshots = _directory.StartLane("snapshots", _shelf.Run(), _shelf.Stop, _fatal);
        (_loader.Wake, _shelf.Wake) = (entries.Wake, snapshots.Wake);
        entries.Start();
        snapshots.Start();
        _gateway?.Listen();
        _otherPeers?.Open(new PeerDoor
        {
            Self = Greet, Post = Post, Snapshots = _shelf.Receive, Seen = _seen, Remember = _log.Note,
        });
        Pump.Start();
    }

    /// <summary>
    /// Ends as a crash would look to the others: no successor is chosen and nothing is sent any more. Disposing follows.
    /// </summary>
    public async Task HaltAsync()
    {
        if (!_isCutOff) await ClosePeersAsync();
        _isCutOff = true;
        await Pump.HaltAsync();
    }

    /// <summary>Hands leadership over, answers everyone who waits, and closes the log so that the next start knows.</summary>
    public async ValueTask DisposeAsync()
    {
        await Pump.DisposeAsync();
        if (!_isCutOff) await ClosePeersAsync();
        _directory.Dispose();
    }

    private bool Post(ReplicaInput input) => Pump.Post(input);

    private Hello Greet() => new(Replica.Self, Replica.Published.Term, Replica.Published.Durable, Replica.Published.Repairing);

    private async ValueTask ClosePeersAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_otherPeers is not null) await _otherPeers.DisposeAsync();
    }

    private PeerGateway MakeGateway(
        MemberOptions options, string directory, IEnumerable<SeenPeer> seen, Action<string> note, Action<Exception> fatal) =>
        new(options.Network, directory, options.AddressesOf, seen, _log.Note, note, fatal)
        {
            Self = Greet, Post = Post, FirstContacts = options.FirstContacts,
            Founding = async ask => await Pump!.StatusAsync() is { } status ? options.AnswerFounding(ask, status) : null,
        };

    private ReplicaStart Restore(IStateMachine machine, IEnumerable<ReplicaEntry> log)
    {
        if (_directory.Snapshots.Newest is not { } newest) return new ReplicaStart(log);
        var intake = new StateIntake(machine);
        _directory.Run(Restoring.Run<NoStorageProbe>(_directory.SnapshotFolder, newest.Id, intake));
        return new ReplicaStart(log, newest.Id, intake.Adopt());
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Balsa.Node;
using Balsa.Node.Stores;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Replica.Hosting;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;

namespace Balsa.Adapters.Lan;

/// <summary>
/// The member that ships as a server on a LAN: clients and other members are reached through the hub, in datagrams. One loop
/// takes all that comes in, so that its desk needs no locks.
/// </summary>
public sealed class LanServer : IAsyncDisposable
{
    /// <summary>What the course's simulator reads at once, and what base 64 leaves of it.</summary>
    private const int AppendBytesMax = 24 << 10, EntryBytesMax = 20 << 10;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20), HelloPause = TimeSpan.FromMilliseconds(200);

    private readonly LanOptions _options;
    private readonly Socket _socket;
    private readonly RunningMember _member;
    private readonly LanPeers _peers;
    private readonly LanMember _node;
    private readonly LanDesk _desk;
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Action<string> _note;
    private Task _running = Task.CompletedTask;
    private volatile bool _isHeard;
    private long _invalid;

    private LanServer(
        LanOptions options, DataDirectory directory, Action<string> note, Action<Exception> fatal)
    {
        (_options, _note) = (options, note);
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Connect(IPAddress.Loopback, options.HubPort);
        var self = MemberOf(options);
        var raft = new RaftOptions
        {
            Self = self, Incarnation = new(self.Value), Boot = directory.Log.Boot, HeartbeatInterval = options.HeartbeatInterval,
            ElectionTimeout = options.ElectionTimeout, AppendBytesMax = AppendBytesMax, EntryBytesMax = EntryBytesMax,
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        };
        var cluster = ClusterOf(options.Servers);
        var frameMax = MessageLayout.BodyBytesMax(raft);
        _peers = new LanPeers(cluster, options.Servers, self, frameMax, Send, () => _node?.Leader ?? LanMessage.Nobody);
        var views = new ViewGate();
        _member = new RunningMember(
            new MemberOptions
            {
                Replica = new ReplicaOptions { Raft = raft, Note = note }, AddressesOf = _ => [], OtherPeers = _peers,
                Network = new PeerNetworkOptions
                {
                    Cluster = cluster, Self = self, Group = default, Listen = new IPEndPoint(IPAddress.Loopback, 0),
                    BodyBytesMax = frameMax,
                },
            },
            directory, new KeyValueMachine(views), note, fatal);
        _node = new LanMember(_member.Pump, views, options.Servers, Post);
        _desk = new LanDesk(options.Name, _node, Send, new LanDeskOptions());
    }

    /// <summary>Datagrams that were no message, or not for this server.</summary>
    public long Invalid => Interlocked.Read(ref _invalid) + _peers.Refused;

    /// <exception cref="NodeStartException">What is wrong, why, and what to do.</exception>
    public static LanServer Start(LanOptions options, Action<string> note, Action<Exception> fatal)
    {
        ArgumentNullException.ThrowIfNull(options);
        var configuration = Found(options.Servers);
        var self = MemberOf(options);
        DataDirectory directory;
        try
        {
            directory = DataDirectory.Open(new OpeningOptions
            {
                Path = options.DataDirectory, Founding = configuration,
                Owner = new DirectoryIdentity(ClusterOf(options.Servers), self, new(self.Value)),
                Wal = new WalOptions { SegmentBytes = 4 << 20 },
            });
        }
        catch (Exception problem) when (problem is StorageException or UnauthorizedAccessException or IOException)
        {
            throw new NodeStartException(
                $"the server cannot use {options.DataDirectory}.", problem.Message,
                "choose another --data-dir, or the names that it was made with", problem);
        }

        try
        {
            var server = new LanServer(options, directory, note, fatal);
            server._member.Start();
            server._running = Task.WhenAll(
                Task.Run(server.WorkAsync), Task.Run(server.ListenAsync), Task.Run(server.TickAsync), Task.Run(server.GreetAsync));
            return server;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _member.DisposeAsync();
        await _stopping.CancelAsync();
        _work.Writer.TryComplete();
        await _running;
        _socket.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Who is named first is the first member, and so on: the list is the same on all.</summary>
    private static MemberId MemberOf(LanOptions options) => new((ulong)options.Servers.ToList().IndexOf(options.Name) + 1);

    private static Configuration Found(IReadOnlyList<string> servers)
    {
        var members = new List<Member>();
        for (var id = 1UL; id <= (ulong)servers.Count; id++)
            members.Add(new Member { Id = new(id), Incarnation = new(id), Role = MemberRole.Voter, Name = servers[(int)id - 1] });
        return Configuration.Found(members, new ClusterSettings(false, false));
    }

    /// <summary>A cluster on the LAN is its names: who has others is of another one.</summary>
    private static ulong ClusterOf(IReadOnlyList<string> servers) =>
        BitConverter.ToUInt64(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', servers)))) | 1;

    private void Post(Action work) => _work.Writer.TryWrite(work);

    private void Send(LanMessage message)
    {
        var bytes = (message with { Form = message.Form == default ? _options.Form : message.Form }).ToBytes();
        if (bytes.Length > LanMessage.BytesMax) return;
        try
        {
            _socket.Send(bytes);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // A hub that is not there hears nothing, and what is lost is asked for again.
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var work in _work.Reader.ReadAllAsync()) work();
    }

    private async Task TickAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await _node.LookAsync();
            Post(() => _desk.OnTime(MonotonicClock.Now));
            await Task.Delay(Tick, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A datagram may get lost, and without this one the hub knows nobody here.</summary>
    private async Task GreetAsync()
    {
        while (!_isHeard && !_stopping.IsCancellationRequested)
        {
            Send(new LanMessage { Source = _options.Name, Destination = LanMessage.Nobody, Category = LanCategories.Hello });
            await Task.Delay(HelloPause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[LanMessage.BytesMax + 1];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, _stopping.Token);
                _isHeard = true;
                Take(buffer.AsMemory(0, length));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The hub was not there for an earlier datagram. It says nothing about the next one.
                await Task.Delay(Tick, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Take(ReadOnlyMemory<byte> datagram)
    {
        var message = LanMessage.Read(datagram, out var flaw);
        if (message is null || (message.Destination != _options.Name && message.Destination != LanMessage.Nobody))
        {
            if (Interlocked.Increment(ref _invalid) == 1) _note($"ignores a datagram: {flaw ?? $"it is for {message!.Destination}"}");
        }
        else if (!message.Frame.IsEmpty)
        {
            _peers.Receive(message);
        }
        else if (message.IsRequest)
        {
            Post(() => _desk.OnRequest(message, MonotonicClock.Now));
        }
    }
}

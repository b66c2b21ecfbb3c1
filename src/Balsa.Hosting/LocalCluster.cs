using Balsa.Hosting.Errors;
using Balsa.Hosting.Local;
using Balsa.Hosting.Sessions;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Replica;
using Balsa.Replica.Hosting;

namespace Balsa.Hosting;

/// <summary>
/// A whole cluster in this process: real members on disks and loopback ports, which can be killed, cut off and brought back.
/// Commands and queries go to a member that is up.
/// </summary>
public sealed class LocalCluster<TState> : IReplica<TState>, IAsyncDisposable where TState : class, new()
{
    private readonly LocalClusterOptions<TState> _options;
    private readonly RaftModel<TState> _model;
    private readonly string _folder;
    private readonly SortedDictionary<string, LocalMember<TState>> _members = new(StringComparer.Ordinal);
    private readonly SessionClient<TState> _session;
    private readonly TimeSpan _patience;
    private bool _isDisposed;

    private LocalCluster(LocalClusterOptions<TState> options)
    {
        (_options, _model) = (options, options.Model ?? RaftModel.Of<TState>());
        _folder = options.DataDirectory ?? Directory.CreateTempSubdirectory("balsa-").FullName;
        var ports = FreePorts.Take(options.Nodes);
        var peers = Enumerable.Range(1, options.Nodes).ToDictionary(number => $"n{number}", number => $"127.0.0.1:{ports[number - 1]}");
        foreach (var name in peers.Keys)
        {
            var settings = new RaftSettings
            {
                NodeId = name, DataDirectory = Path.Combine(_folder, name), Peers = new(peers), Cluster = "local", SegmentBytes = 4 << 20,
            };
            options.Configure(settings);
            _members.Add(name, new LocalMember<TState>(settings, _model, options.Logger));
        }

        _patience = _members.Values.First().Settings.RequestTimeout;
        _session = new SessionClient<TState>(_model, ProposeAsync, Over, _patience, RaftOptions.EntryBytesByDefault);
    }

    /// <summary>All names, in order, of members that are down too.</summary>
    public IReadOnlyList<string> Names => [.. _members.Keys];

    /// <summary>The members that are up.</summary>
    public IReadOnlyList<RaftMember<TState>> Members => [.. Up];

    /// <summary>Who leads, as the members see it of which most agree; null while nobody is known.</summary>
    public string? Leader => Up.Where(member => member.Leader is not null && IsReachable(member)).GroupBy(member => member.Leader!)
        .OrderByDescending(votes => votes.Count()).FirstOrDefault(votes => _members[votes.Key].Running is not null)?.Key;

    /// <summary>A member that is up.</summary>
    public RaftMember<TState> this[string name] => Find(name).Running
        ?? throw new InvalidOperationException($"{name} is down. Bring it back with RestartAsync(\"{name}\").");

#pragma warning disable CA1000 // The state must be named somewhere, and here it is part of the sentence.
    /// <summary>Starts all members; the cluster leads and takes commands when this returns.</summary>
    public static Task<LocalCluster<TState>> StartAsync(int nodes = 3, CancellationToken cancellationToken = default) =>
        StartAsync(new LocalClusterOptions<TState> { Nodes = nodes }, cancellationToken);

    public static async Task<LocalCluster<TState>> StartAsync(
        LocalClusterOptions<TState> options, CancellationToken cancellationToken = default)
#pragma warning restore CA1000
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Nodes is < 1 or > 64)
            throw new ArgumentOutOfRangeException(nameof(options), options.Nodes, "A cluster has 1 to 64 members; 3 or 5 are usual.");
        var cluster = new LocalCluster<TState>(options);
        try
        {
            await Task.WhenAll(cluster._members.Values.Select(member => member.StartAsync()));
            await cluster.WaitForLeaderAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until a member leads that a majority confirms.</summary>
    public async Task WaitForLeaderAsync(CancellationToken cancellationToken = default) =>
        await QueryAsync(static _ => true, ReadConsistency.Linearizable, cancellationToken);

    public Task<TResult> ExecuteAsync<TResult>(ICommand<TState, TResult> command, CancellationToken cancellationToken = default) =>
        _session.ExecuteAsync(command, cancellationToken);

    public async Task<TResult> QueryAsync<TResult>(
        Func<TState, TResult> query, ReadConsistency consistency = ReadConsistency.Linearizable,
        CancellationToken cancellationToken = default)
    {
        var deadline = MonotonicClock.Now + _patience.Ticks;
        while (true)
        {
            if (Over() is { } over) throw over is ApplyFailedException failure ? failure.Again() : over;
            try
            {
                if (Pick() is { } member) return await member.QueryAsync(query, consistency, cancellationToken);
                if (MonotonicClock.Now >= deadline) throw new QueryFailedException("all members are down");
            }
            catch (Exception problem) when (problem is MemberStoppedException or ApplyFailedException && MonotonicClock.Now < deadline)
            {
                // It was killed meanwhile, or has no state any more; another one answers.
            }

            await Task.Delay(Attempts.Pause, cancellationToken);
        }
    }

    /// <summary>Ends a member as a crash would look to the others. What its disk holds stays.</summary>
    public Task KillAsync(string name) => Find(name).KillAsync();

    /// <summary>Brings a member back that was killed or stopped.</summary>
    public Task RestartAsync(string name) => Find(name).RestartAsync();

    /// <summary>Stops a member politely: it hands leadership over first.</summary>
    public Task StopAsync(string name) => Find(name).StopAsync();

    /// <summary>Cuts a member off from all others, while it goes on running.</summary>
    public void Isolate(string name) => Find(name).Streams.Cut();

    /// <summary>Lets a member talk to the others again.</summary>
    public void Heal(string name) => Find(name).Streams.Heal();

    /// <summary>Ends all members and removes what was made for them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        await Task.WhenAll(_members.Values.Select(member => member.KillAsync()));
        if (_options.DataDirectory is null) Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<RaftMember<TState>> Up => _members.Values.Select(member => member.Running).OfType<RaftMember<TState>>();

    private LocalMember<TState> Find(string name) => _members.TryGetValue(name, out var member)
        ? member
        : throw new ArgumentException($"There is no member \"{name}\". Write one of {string.Join(", ", _members.Keys)}.", nameof(name));

    private bool IsReachable(RaftMember<TState> member) => !_members[member.Name].Streams.IsCut;

    /// <summary>The leader saves a step; otherwise anybody who is up and not cut off.</summary>
    private RaftMember<TState>? Pick() =>
        (Leader is { } leader && _members[leader].Running is { Failure: null } leading ? leading : null)
        ?? Up.OrderByDescending(member => member.Failure is null).ThenByDescending(IsReachable).FirstOrDefault();

    /// <summary>One member that serves is enough.</summary>
    private Exception? Over()
    {
        if (_isDisposed) return new MemberStoppedException("The cluster", null);
        var failures = Up.Select(member => member.Failure).ToArray();
        return failures.Length > 0 && failures.All(failure => failure is not null) ? failures[0] : null;
    }

    private Task<ReplicaAnswer> ProposeAsync(byte[] entry, TimeSpan patience) => Pick() is { } member
        ? member.ProposeAsync(entry, patience)
        : Task.FromResult(new ReplicaAnswer(Outcome.NotDone(Reason.NoLeader), default, default, null));
}

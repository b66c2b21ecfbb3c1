using Balsa.Hosting.Errors;
using Balsa.Hosting.Leading;
using Balsa.Hosting.Machines;
using Balsa.Hosting.Members;
using Balsa.Hosting.Sessions;
using Balsa.Node;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Reads;
using Balsa.Replica;
using Balsa.Replica.Hosting;
using Balsa.Transport.Tcp.Streams;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Balsa.Hosting;

/// <summary>One member of a cluster in this process, with a replicated state.</summary>
public sealed class RaftMember<TState> : IReplica<TState>, IRaftMember, IAsyncDisposable where TState : class
{
    private readonly RaftSettings _settings;
    private readonly ILogger _log;
    private readonly HostedMachine<TState> _machine;
    private readonly LeadershipWatch _watch = new();
    private readonly MemberMeter _meter;
    private readonly SessionClient<TState> _session;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RunningMember _running;
    private readonly Configuration _founding;
    private Exception? _fatal;
    private bool _isDisposed;

    private RaftMember(RaftSettings settings, RaftModel<TState> model, ILogger log, IPeerStreams streams)
    {
        (_settings, _log, _founding) = (settings, log, PeerAddresses.FoundingOf(settings));
        _meter = new MemberMeter(settings.NodeId, _watch, () => _machine!.Applied);
        _machine = new HostedMachine<TState>(model, settings.NodeId) { Failed = OnApplyFailed };
        var events = new MemberEvents(line => RaftLog.Line(_log, settings.NodeId, line), OnFatal, OnRole);
        _running = MemberParts.Start(settings, _machine, streams, events);
        _session = new SessionClient<TState>(model, ProposeAsync, Over, settings.RequestTimeout, RaftOptions.EntryBytesByDefault);
    }

    public string Name => _settings.NodeId;

    internal RaftSettings Settings => _settings;

    public string? Leader => NameOf(new MemberId(_watch.Leader));

    public Exception? Failure => Volatile.Read(ref _fatal) ?? _machine.Failure;

    /// <summary>Ends when the member was disposed of, or had to stop by itself; <see cref="Failure"/> says why.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Starts a member; it looks for the others by itself.</summary>
    /// <exception cref="ImpossibleSettingsException">All that is wrong with the settings or the model.</exception>
    /// <exception cref="NodeStartException">What the member met, why, and what to do.</exception>
#pragma warning disable CA1000 // The state must be named somewhere, and here it is part of the sentence.
    public static Task<RaftMember<TState>> StartAsync(
#pragma warning restore CA1000
        RaftSettings settings, RaftModel<TState> model, ILogger? logger = null, CancellationToken cancellationToken = default) =>
        StartAsync(settings, model, logger, PlainPeerStreams.Instance, cancellationToken);

    internal static Task<RaftMember<TState>> StartAsync(
        RaftSettings settings, RaftModel<TState> model, ILogger? logger, IPeerStreams streams, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(model);
        SettingsCheck.ThrowIfWrong(settings);
        model.Check();
        // Reading a long log takes its time, and the caller may have other things to do.
        return Task.Run(() => new RaftMember<TState>(settings, model, logger ?? NullLogger.Instance, streams), stop);
    }

    public async Task<TResult> ExecuteAsync<TResult>(ICommand<TState, TResult> command, CancellationToken cancellationToken = default)
    {
        var since = MonotonicClock.Now;
        try
        {
            var result = await _session.ExecuteAsync(command, cancellationToken);
            _meter.Count("done", MonotonicClock.Now - since);
            return result;
        }
        catch (Exception problem)
        {
            _meter.Count(problem is NotAppliedException ? "not_done" : problem is OutcomeUnknownException ? "unknown" : "failed", 0);
            throw;
        }
    }

    public async Task<TResult> QueryAsync<TResult>(
        Func<TState, TResult> query, ReadConsistency consistency = ReadConsistency.Linearizable,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var deadline = MonotonicClock.Now + _settings.RequestTimeout.Ticks;
        while (true)
        {
            var name = _machine.Queries.Add(state => query(state));
            try
            {
                var answer = await _running.Pump.QueryAsync(name, ModeOf(consistency), Attempts.TryMax).WaitAsync(cancellationToken);
                if (answer is { Outcome.Verdict: Verdict.Done, Result: QueryResult found })
                    return found.Problem is null ? (TResult)found.Value! : throw found.Problem;
                if (Over() is { } over) throw over is ApplyFailedException failure ? failure.Again() : over;
                if (MonotonicClock.Now >= deadline) throw new QueryFailedException(Attempts.Explain(answer, _settings.RequestTimeout));
            }
            finally
            {
                _machine.Queries.Remove(name);
            }

            await Task.Delay(Attempts.Pause, cancellationToken);
        }
    }

    public async Task<RaftStatus> StatusAsync(CancellationToken cancellationToken = default)
    {
        var status = IsRunning ? await _running.Pump.StatusAsync().WaitAsync(cancellationToken) : null;
        if (status is null)
            return new RaftStatus(Name, "Stopped", _watch.Term, null, 0, _machine.Applied, 0, 0, [], Failure?.Message ?? "It has stopped.");
        var members = status.Configuration.Members.ToArray().Select(member => member.Name).ToArray();
        return new RaftStatus(
            Name, $"{status.Role}", status.HardState.Term.Value, NameOf(status.Leader), status.Commit.Value, status.Applied.Value,
            status.Last.Index.Value, status.Snapshot.Index.Value, members, ProblemOf(status));
    }

    public async Task WaitForLeaderAsync(CancellationToken cancellationToken = default)
    {
        await _watch.WaitForLeaderAsync(cancellationToken);
        if (Over() is { } over) throw over;
    }

    public async Task<Leadership> LeadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var reign = await _watch.WaitForReignAsync(cancellationToken) ?? throw Over()!;
            try
            {
                // A majority confirms the reign, and everything acknowledged before it is in the state.
                await QueryAsync(static _ => true, ReadConsistency.Linearizable, cancellationToken);
                if (_watch.Rules(reign)) return reign;
            }
            catch (Exception problem) when (problem is QueryFailedException or ApplyFailedException && IsRunning)
            {
                // Cut off, or without a state: either it goes on leading, and this is tried again, or somebody else does.
                await Task.Delay(Attempts.Pause, cancellationToken);
            }
        }
    }

    public async Task MoveLeadershipAsync(string to, CancellationToken cancellationToken = default)
    {
        var names = string.Join(", ", _settings.Peers.Keys);
        var target = _founding.Members.ToArray().FirstOrDefault(member => string.Equals(member.Name, to, StringComparison.Ordinal))
            ?? throw new ArgumentException($"There is no member \"{to}\". Write one of {names}.", nameof(to));
        var answer = await _running.Pump.MoveLeadershipAsync(target.Id).WaitAsync(cancellationToken);
        if (answer.Outcome.Verdict == Verdict.Done) return;
        throw new NotAppliedException($"{Name} does not hand leadership to {to} ({answer.Outcome.Reason}); {Leader ?? "nobody"} leads");
    }

    /// <summary>Hands leadership over, answers everyone who waits, and closes the log so that the next start knows.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        if (Failure is null) await _session.CloseAsync(_settings.ElectionTimeout);
        await EndAsync();
    }

    /// <summary>Ends as a crash would look to the other members.</summary>
    internal async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        await _running.HaltAsync();
        await EndAsync();
    }

    private async Task EndAsync()
    {
        await _running.DisposeAsync();
        _watch.End();
        _meter.Dispose();
        _stopped.TrySetResult();
    }

    internal Task<ReplicaAnswer> ProposeAsync(byte[] entry, TimeSpan patience) => _running.Pump.ProposeAsync(entry, patience);

    private string? ProblemOf(ReplicaStatus status) => status switch
    {
        { Aside: null } => Failure?.Message,
        { Poisoned: { } poisoned } => $"{status.Aside}. If no build can apply it: {poisoned.Command} in a majority of the directories",
        _ => status.Aside,
    };

    private bool IsRunning => Volatile.Read(ref _fatal) is null && !_isDisposed;

    /// <summary>Why this member cannot serve; null while it can.</summary>
    private Exception? Over() =>
        IsRunning ? _machine.Failure : new MemberStoppedException(Name, Volatile.Read(ref _fatal));

    private void OnRole(Role role, MemberId leader, Term term) => _watch.OnRole(role, leader.Value, term.Value);

    private void OnApplyFailed(ApplyFailedException failure) => RaftLog.ApplyFailed(_log, Name, failure);

    private void OnFatal(Exception problem)
    {
        if (Interlocked.CompareExchange(ref _fatal, problem, null) is not null) return;
        RaftLog.Fatal(_log, Name, problem);
        _watch.End();
        _stopped.TrySetResult();
    }

    private string? NameOf(MemberId member) => member.IsNone ? null : _founding.Find(member)?.Name;

    private static ReadMode ModeOf(ReadConsistency consistency) => consistency switch
    {
        ReadConsistency.Linearizable => ReadMode.Quorum,
        ReadConsistency.LeaderLease => ReadMode.Lease,
        ReadConsistency.Local => ReadMode.Local,
        _ => throw new ArgumentOutOfRangeException(nameof(consistency), consistency, "Use a value of ReadConsistency."),
    };
}

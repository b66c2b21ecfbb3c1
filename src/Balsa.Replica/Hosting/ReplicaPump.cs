using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Hosting;

/// <summary>
/// Drives a replica with real time: one loop over a bounded inbox, a <see cref="PumpTurn{TProbe}"/> per wake-up, everything
/// inside the loop plain synchronous code. Whatever ends it badly ends the node.
/// </summary>
public sealed class ReplicaPump<TProbe> : IAsyncDisposable where TProbe : struct, IProbe
{
    private readonly RaftReplica<TProbe> _replica;
    private readonly PumpTurn<TProbe> _turn;
    private readonly Alarm _alarm = new();
    private readonly ReplicaOptions _options;
    private readonly Action<Exception> _fatal;
    private readonly Channel<ReplicaInput> _inbox;
    private readonly Timer _timer;
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping, _skipsHandover, _timerHasFired, _refusesCallers;
    private Task _running = Task.CompletedTask;

    /// <param name="fatal">Called once when the replica cannot go on; the process must end.</param>
    public ReplicaPump(RaftReplica<TProbe> replica, ReplicaOptions options, Action<Exception> fatal)
    {
        (_replica, _options, _fatal) = (replica, options, fatal);
        _turn = new PumpTurn<TProbe>(replica, options.Raft);
        _inbox = Channel.CreateBounded<ReplicaInput>(
            new BoundedChannelOptions(options.InboxMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        replica.Woken = () => Post(Wake.Up);
        _timer = new Timer(_ => OnTimer(), null, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Ends when a committed configuration has removed this member. It goes on meanwhile, so that the others hear of it.</summary>
    public Task Removed => _removed.Task;

    /// <summary>Whoever asks for anything but the status is turned away, as if this member had stopped.</summary>
    public bool RefusesCallers { get => _refusesCallers; set => _refusesCallers = value; }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>False when the inbox is full or closed. For messages of peers that is a loss like any other.</summary>
    public bool Post(ReplicaInput input) => _inbox.Writer.TryWrite(input);

    /// <param name="patience">For how long it may wait for a leader and be handed to one; not at all by default.</param>
    public Task<ReplicaAnswer> ProposeAsync(byte[] entry, TimeSpan patience = default) =>
        Ask(caller => new ProposeCommand(entry, caller) { Deadline = DeadlineOf(patience) });

    public Task<ReplicaAnswer> QueryAsync(ReadOnlyMemory<byte> query, ReadMode mode, TimeSpan patience = default) =>
        Ask(caller => new RunQuery(query, mode, caller) { Deadline = DeadlineOf(patience) });

    public Task<ReplicaAnswer> ChangeMembersAsync(ConfigurationChange[] changes, LogIndex expected) =>
        Ask(caller => new ChangeMembers(changes, expected, caller));

    public Task<ReplicaAnswer> MoveLeadershipAsync(MemberId target) => Ask(caller => new MoveLeadership(target, caller));

    /// <summary>The leader gives up, without a successor.</summary>
    public Task<ReplicaAnswer> GiveUpLeadershipAsync() => Ask(caller => new GiveUpLeadership(caller));

    /// <summary>Stands for election now; the answer comes when that is decided.</summary>
    public Task<ReplicaAnswer> StandForElectionAsync(CampaignKind kind) => Ask(caller => new StandForElection(kind, caller));

    /// <summary>Null when the replica is too busy to say.</summary>
    public async Task<ReplicaStatus?> StatusAsync()
    {
        var caller = new TaskCompletionSource<ReplicaStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Post(new TellStatus(caller))) return null;
        await Task.WhenAny(caller.Task, _running);
        return caller.Task.IsCompletedSuccessfully ? await caller.Task : null;
    }

    /// <summary>From the disk's thread. Never lost: the number is kept beside the inbox.</summary>
    public void OnDurable(IoSeq upTo)
    {
        _turn.OnDurable(upTo);
        Post(Wake.Up);
    }

    /// <summary>Hands leadership over, answers everyone and ends the loop.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        Post(Wake.Up);
        await _running;
    }

    /// <summary>Ends the loop without a word to the others: as a crash would look to them. Callers here are answered.</summary>
    public Task HaltAsync()
    {
        _skipsHandover = true;
        return StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _timer.DisposeAsync();
    }

    private static long DeadlineOf(TimeSpan patience) => patience == default ? 0 : MonotonicClock.Now + patience.Ticks;

    private Task<ReplicaAnswer> Ask(Func<TaskCompletionSource<ReplicaAnswer>, ReplicaInput> input)
    {
        var caller = new TaskCompletionSource<ReplicaAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_refusesCallers || !Post(input(caller)))
        {
            var reason = _stopping || _refusesCallers || _running.IsCompleted ? Reason.Stopped : Reason.Busy;
            caller.TrySetResult(new ReplicaAnswer(Outcome.NotDone(reason), default, default, null));
        }

        return caller.Task;
    }

    private async Task RunAsync()
    {
        try
        {
            _replica.SetClock(MonotonicClock.Now);
            _replica.Flush();
            await PumpAsync();
            _replica.Shutdown();
        }
        catch (Exception problem)
        {
            _fatal(problem);
            _replica.Abandon();
        }
        finally
        {
            _inbox.Writer.TryComplete();
            Untaken.Refuse(new Waiting(_inbox.Reader));
        }
    }

    private async Task PumpAsync()
    {
        var handover = (Handover?)null;
        while (true)
        {
            if (_stopping && (_skipsHandover || (handover ??= Handover.Begin(_replica, _options.HandoverMax)).IsOver)) return;
            if (!_replica.HasWork) await WaitAsync(_turn.WakeAt(handover?.Deadline ?? long.MaxValue));
            _turn.Take(new Waiting(_inbox.Reader), MonotonicClock.Now);
            if (_replica.WasRemoved) _removed.TrySetResult();
            if (_replica.HasStopped) throw new ReplicaStoppedException(_replica.StopReason);
        }
    }

    private async ValueTask WaitAsync(long wakeAt)
    {
        if (_inbox.Reader.Count > 0) return;
        var now = MonotonicClock.Now;
        if (wakeAt <= now) return;
        if (_timerHasFired)
        {
            _timerHasFired = false;
            _alarm.Clear();
        }

        if (_alarm.TrySet(wakeAt, now))
            _timer.Change((wakeAt - now + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond, Timeout.Infinite);
        await _inbox.Reader.WaitToReadAsync();
    }

    /// <summary>
    /// It may fire a little before its time by our clock, and then nothing is due yet. It must be set again, or a member to
    /// which nobody speaks never wakes.
    /// </summary>
    private void OnTimer()
    {
        _timerHasFired = true;
        Post(Wake.Up);
    }

    private readonly struct Waiting(ChannelReader<ReplicaInput> reader) : IInbox
    {
        public int Count => reader.Count;

        public bool TryTake([MaybeNullWhen(false)] out ReplicaInput input) => reader.TryRead(out input);
    }

    /// <summary>The end of a leader that stops politely: it waits a little for the one it chose to take over.</summary>
    private sealed class Handover(Task moved, long deadline)
    {
        internal long Deadline => deadline;

        internal bool IsOver => moved.IsCompleted || MonotonicClock.Now >= deadline;

        internal static Handover Begin(RaftReplica<TProbe> replica, TimeSpan longest)
        {
            var successor = replica.Leads ? replica.BestSuccessor() : MemberId.None;
            if (successor.IsNone) return new Handover(Task.CompletedTask, 0);
            var caller = new TaskCompletionSource<ReplicaAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            replica.Handle(new MoveLeadership(successor, caller));
            replica.Flush();
            return new Handover(caller.Task, MonotonicClock.Now + longest.Ticks);
        }
    }
}

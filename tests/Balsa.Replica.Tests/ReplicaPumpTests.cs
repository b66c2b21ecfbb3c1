using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Replica.Contracts;
using Balsa.Replica.Hosting;

namespace Balsa.Replica.Tests;

public sealed class ReplicaPumpTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Many_callers_are_answered_and_a_stop_answers_the_rest()
    {
        await using var host = new Host(new MemoryStore());
        await host.LeadAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => host.Pump.ProposeAsync(World.Entry($"c{i}")))).WaitAsync(
            Long);
        Assert.All(answers, answer => Assert.Equal(Verdict.Done, answer.Outcome.Verdict));
        Assert.Equal(500, host.World.Applied.Count);
        var read = await host.Pump.QueryAsync(default, ReadMode.Quorum).WaitAsync(Long);
        Assert.Equal(500, ((string)read.Result!).Split(' ').Length);
        await host.DisposeAsync();
        var late = await host.Pump.ProposeAsync(World.Entry("late")).WaitAsync(Long);
        Assert.Equal(Outcome.NotDone(Reason.Stopped), late.Outcome);
        Assert.Null(await host.Pump.StatusAsync().WaitAsync(Long));
        Assert.Null(host.Fatal);
    }

    [Fact]
    public async Task A_sync_that_fails_is_fatal_and_nothing_is_acknowledged()
    {
        var store = new MemoryStore();
        await using var host = new Host(store);
        await host.LeadAsync();
        store.Fails = true;
        var waiting = host.Pump.ProposeAsync(World.Entry("lost"));
        Assert.IsType<IOException>(await host.Died.WaitAsync(Long));
        await host.DisposeAsync();
        Assert.Equal(Verdict.Unknown, (await waiting.WaitAsync(Long)).Outcome.Verdict);
        Assert.Empty(host.World.Applied);
    }

    [Fact]
    public async Task An_entry_that_this_build_cannot_read_is_fatal()
    {
        await using var host = new Host(new MemoryStore());
        await host.LeadAsync();
        var waiting = host.Pump.ProposeAsync(World.Entry("unreadable"));
        Assert.IsType<UnusableEntryException>(await host.Died.WaitAsync(Long));
        Assert.Equal(Verdict.Unknown, (await waiting.WaitAsync(Long)).Outcome.Verdict);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_full_inbox_says_so_at_once()
    {
        await using var host = new Host(new MemoryStore(), inboxMax: 2, start: false);
        var first = host.Pump.ProposeAsync(World.Entry("a"));
        var second = host.Pump.ProposeAsync(World.Entry("b"));
        var third = await host.Pump.ProposeAsync(World.Entry("c")).WaitAsync(Long);
        Assert.Equal(Verdict.NotDone, third.Outcome.Verdict);
        Assert.False(first.IsCompleted || second.IsCompleted);
        host.Pump.Start();
        await host.DisposeAsync();
        Assert.NotEqual(Verdict.Done, (await first.WaitAsync(Long)).Outcome.Verdict);
    }

    [Fact]
    public async Task Work_goes_on_in_free_moments_until_it_is_done()
    {
        await using var host = new Host(new MemoryStore());
        await host.LeadAsync();
        var slices = host.World.WorkCalls;
        host.World.WorkLeft = 20_000;
        await host.Pump.ProposeAsync(World.Entry("last")).WaitAsync(Long);
        // Nobody asks for anything any more, and yet there is no pause between the slices.
        Assert.True(SpinWait.SpinUntil(() => host.World.WorkLeft == 0, Long), $"{host.World.WorkLeft} slices are left");
        Assert.True(host.World.WorkCalls - slices >= 20_000);
    }

    [Fact]
    public async Task Work_without_an_end_keeps_neither_callers_nor_a_stop_waiting()
    {
        var host = new Host(new MemoryStore());
        await host.LeadAsync();
        host.World.WorkLeft = int.MaxValue;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Verdict.Done, (await host.Pump.ProposeAsync(World.Entry($"c{i}")).WaitAsync(Long)).Outcome.Verdict);
            Assert.NotNull(await host.Pump.StatusAsync().WaitAsync(Long));
        }

        await host.DisposeAsync();
        Assert.InRange(host.World.WorkLeft, 1, int.MaxValue - 100);
        Assert.Equal(100, host.World.Applied.Count);
        Assert.Null(host.Fatal);
    }

    /// <summary>A disk that is done as soon as it is asked, or fails.</summary>
    private sealed class MemoryStore : ILogWriter
    {
        public volatile bool Fails;

        public Action<IoSeq> Durable { get; set; } = _ => { };

        public Action<Exception> Failed { get; set; } = _ => { };

        public bool IsShort => false;

        public void Write(IReadOnlyList<LogOperation> operations)
        {
            if (Fails) Failed(new IOException("the disk is gone"));
            else Durable(operations[^1].Io);
        }
    }

    private sealed class Host : IAsyncDisposable
    {
        private readonly TaskCompletionSource<Exception> _died = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Host(MemoryStore store, int inboxMax = 1000, bool start = true)
        {
            var options = new ReplicaOptions { Raft = World.Options(), InboxMax = inboxMax };
            store.Durable = io => Pump!.OnDurable(io);
            store.Failed = problem => _died.TrySetResult(problem);
            var replica = new RaftReplica<NoProbe>(
                options, RecoveredState.Fresh(Configuration.OfVoters(1)), new ReplicaStart([]),
                World.Parts with { Log = store }, default, MonotonicClock.Now);
            Pump = new ReplicaPump<NoProbe>(replica, options, problem => _died.TrySetResult(problem));
            if (start) Pump.Start();
        }

        public World World { get; } = new();

        public ReplicaPump<NoProbe> Pump { get; }

        public Task<Exception> Died => _died.Task;

        public Exception? Fatal => _died.Task.IsCompleted ? _died.Task.Result : null;

        public async Task LeadAsync()
        {
            using var limit = new CancellationTokenSource(Long);
            while ((await Pump.StatusAsync())!.Leader != new MemberId(1)) await Task.Delay(5, limit.Token);
        }

        public async ValueTask DisposeAsync() => await Pump.DisposeAsync().AsTask().WaitAsync(Long);
    }
}

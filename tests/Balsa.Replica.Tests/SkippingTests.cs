using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Reads;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Skipping;

namespace Balsa.Replica.Tests;

/// <summary>Leaving out an entry that cannot be applied: every order in which wish, entry, order and commit can come.</summary>
public sealed class SkippingTests
{
    private readonly List<string> _notes = [];
    private static readonly ReplicaEntry Poison = Driver.Entry(1, 2, "poison");
    private static readonly SkippedEntry Named = SkippedEntry.Of(Poison);

    [Fact]
    public void A_member_that_could_not_apply_an_entry_says_which_and_what_to_type()
    {
        var driver = new Driver(3, Options()).Follow(1, 2, Driver.Entry(1, 1, "a"), Poison);

        var status = StatusOf(driver);

        Assert.Equal(Named, status.Poisoned!.Entry);
        Assert.Equal($"balsa doctor data DIR --skip-entry 2 --hash {Named.HashText}", status.Poisoned.Command);
        Assert.Contains(_notes, line => line.Contains(status.Poisoned.Command, StringComparison.Ordinal));
        Assert.Contains(Named.HashText, status.Aside, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wish_holds_the_entry_and_nobody_is_served_until_it_is_decided()
    {
        var driver = Holding();

        Assert.Equal(["a"], driver.World.Applied);
        Assert.Equal(Outcome.NotDone(Reason.SetAside), ReadOf(driver));
        Assert.Null(StatusOf(driver).Poisoned);
        Assert.Contains("wishes to leave it out", StatusOf(driver).Aside, StringComparison.Ordinal);
    }

    [Fact]
    public void A_follower_tells_its_wish_to_the_leader_again_and_again()
    {
        var driver = Holding();
        driver.World.Forwards.Clear();
        for (var i = 0; i < 3; i++)
        {
            Follow(driver, commit: 3);
            driver.Advance(driver.Options.Raft.ElectionTimeout.Ticks / 2);
            Follow(driver, commit: 3);
            driver.Advance(driver.Options.Raft.ElectionTimeout.Ticks / 2);
        }

        Assert.All(driver.World.Forwards, told => Assert.Equal(Leader, told.Leader));
        Assert.True(driver.World.Forwards.Count >= 2);
        Assert.True(HostCommand.TryRead(HostCommand.Wish, driver.World.Forwards[0].Command.Entry, out var wish));
        Assert.Equal(Named, wish);
    }

    [Fact]
    public void An_order_that_is_committed_lets_everything_behind_the_entry_be_applied()
    {
        var driver = Holding();

        Follow(driver, commit: 3, Order(1, 4));
        Assert.Equal(["a"], driver.World.Applied);
        Follow(driver, commit: 4);
        driver.Advance(1);

        Assert.Equal(["a", "c"], driver.World.Applied);
        Assert.Null(StatusOf(driver).Aside);
        Assert.Equal(Verdict.Done, ReadOf(driver).Verdict);
    }

    [Fact]
    public void An_order_that_is_not_committed_holds_the_entry_without_any_wish()
    {
        var driver = new Driver(3, Options()).Follow(1, 1, Driver.Entry(1, 1, "a"), Poison, Driver.Entry(1, 3, "c"), Order(1, 4));

        Follow(driver, commit: 2);
        Assert.Equal(["a"], driver.World.Applied);
        Assert.Null(StatusOf(driver).Poisoned);
        Follow(driver, commit: 4);
        driver.Advance(1);

        Assert.Equal(["a", "c"], driver.World.Applied);
        Assert.Null(StatusOf(driver).Aside);
    }

    [Fact]
    public void An_order_that_is_cut_off_decides_nothing()
    {
        var driver = Holding(commit: 2);
        Follow(driver, commit: 2, Order(1, 4));

        // Another leader has something else there.
        driver.Hear(
            new Message
            {
                Kind = MessageKind.Append, To = new MemberId(1), Term = new Term(2), Log = new EntryId(new Term(1), new LogIndex(3)),
                Commit = new LogIndex(4), Match = new LogIndex(4), Session = new LogIndex(1),
            }, Driver.Entry(2, 4, "d"));
        driver.MakeDurable();
        driver.Advance(1);

        Assert.Equal(["a"], driver.World.Applied);
        Assert.Equal(Outcome.NotDone(Reason.SetAside), ReadOf(driver));
    }

    [Fact]
    public void A_wish_for_another_hash_changes_nothing()
    {
        var driver = new Driver(3, Options(Named with { Hash = 1 })).Follow(1, 2, Driver.Entry(1, 1, "a"), Driver.Entry(1, 2, "b"));

        Assert.Equal(["a", "b"], driver.World.Applied);
    }

    [Fact]
    public void A_member_that_applied_what_is_left_out_is_set_aside_by_the_order()
    {
        var named = SkippedEntry.Of(Driver.Entry(1, 2, "b"));
        var driver = new Driver(3, Options()).Follow(1, 2, Driver.Entry(1, 1, "a"), Driver.Entry(1, 2, "b"));
        Assert.Equal(Verdict.Done, ReadOf(driver).Verdict);

        Follow(driver, commit: 3, Order(1, 3, named));

        Assert.Equal(Outcome.NotDone(Reason.SetAside), ReadOf(driver));
        Assert.Contains("contains", StatusOf(driver).Aside, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_may_contain_what_is_left_out_is_not_believed()
    {
        // The snapshot is of entry 3, the order stands at 4: whether its state left out entry 2 nobody knows.
        var snapshot = new EntryId(new Term(1), new LogIndex(3));
        var recovered = new Raft.Recovery.RecoveredState(snapshot, Driver.VotersOf(3)) { HardState = new HardState(new Term(1), default) };
        var driver = new Driver(3, Options(), new ReplicaStart([Order(1, 4)], snapshot), recovered);

        driver.Hear(new Message
        {
            Kind = MessageKind.Append, To = new MemberId(1), Term = new Term(1), Log = new EntryId(new Term(1), new LogIndex(4)),
            Commit = new LogIndex(4), Match = new LogIndex(4), Session = new LogIndex(1),
        });
        driver.MakeDurable();

        Assert.Contains("contains", StatusOf(driver).Aside, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_failed_hears_of_the_order_and_asks_to_be_restarted()
    {
        var driver = new Driver(3, Options()).Follow(1, 2, Driver.Entry(1, 1, "a"), Poison);

        Follow(driver, commit: 3, Order(1, 3));

        Assert.Contains("restart this member", StatusOf(driver).Aside, StringComparison.Ordinal);
        Assert.Equal(["a"], driver.World.Applied);
    }

    [Fact]
    public void A_member_alone_orders_what_it_wishes_by_itself()
    {
        var poison = Driver.Entry(1, 1, "poison");
        var recovered = new Raft.Recovery.RecoveredState(EntryId.Start, Driver.VotersOf(1))
        {
            HardState = new HardState(new Term(1), new MemberId(1)),
        };
        var driver = new Driver(1, Options(SkippedEntry.Of(poison)), new ReplicaStart([poison]), recovered);

        for (var i = 0; i < 30; i++)
        {
            driver.Advance(driver.Options.Raft.ElectionTimeout.Ticks);
            driver.MakeDurable();
        }

        Assert.True(driver.Replica.Leads);
        Assert.Null(driver.Replica.Aside);
        Assert.Empty(driver.World.Applied);
        Assert.Equal(Verdict.Done, Driver.Told(Write(driver, "after")).Outcome.Verdict);
    }

    [Fact]
    public void A_leader_that_holds_orders_with_a_second_wish_of_three_and_not_before()
    {
        var driver = LeadingAndHolding();
        LiveOn(driver);
        Assert.DoesNotContain(_notes, line => line.Contains("is ordered", StringComparison.Ordinal));

        Wish(driver, from: 3, Named with { Hash = 3 });
        LiveOn(driver);
        Assert.DoesNotContain(_notes, line => line.Contains("is ordered", StringComparison.Ordinal));

        Wish(driver, from: 2, Named);
        LiveOn(driver);
        Assert.Single(_notes, line => line.Contains("is ordered", StringComparison.Ordinal));
    }

    [Fact]
    public void A_leader_that_applied_the_entry_does_not_order_it_away()
    {
        var driver = new Driver(1, Options()).Lead();
        Write(driver, "b");
        var written = driver.World.Written.SelectMany(operation => operation.Entries).Last(entry => entry.Ref.Kind == EntryKind.Data);
        var wish = HostCommand.Write(HostCommand.Wish, SkippedEntry.Of(written));

        driver.Hand(new PeerForward(Origin(2), new ForwardedCommand(0, new Term(1), wish)));
        driver.Advance(driver.Options.Raft.ElectionTimeout.Ticks);

        Assert.Single(_notes, line => line.Contains("it is not left out", StringComparison.Ordinal));
        Assert.Equal(Verdict.Done, ReadOf(driver).Verdict);
    }

    [Fact]
    public void No_snapshot_is_made_between_what_is_left_out_and_its_order()
    {
        var rule = new SkipRule([]);
        rule.OnAppended(Order(1, 9));
        rule.OnSkipped(Named.Index);

        Assert.False(rule.IsAheadOfOrder(new LogIndex(1)));
        Assert.True(rule.IsAheadOfOrder(new LogIndex(2)));
        Assert.True(rule.IsAheadOfOrder(new LogIndex(8)));
        Assert.False(rule.IsAheadOfOrder(new LogIndex(9)));
    }

    private static readonly MemberId Leader = new(2);

    private Driver Holding(ulong commit = 3) =>
        Settled(new Driver(3, Options(Named)).Follow(1, commit, Driver.Entry(1, 1, "a"), Poison, Driver.Entry(1, 3, "c")));

    private static Driver Settled(Driver driver)
    {
        driver.Advance(1);
        return driver;
    }

    /// <summary>Nobody led for a while, so it stood, and member 2 voted for it.</summary>
    private Driver LeadingAndHolding()
    {
        var driver = Holding();
        for (var i = 0; i < 40 && !driver.Replica.Leads; i++)
        {
            driver.Advance(driver.Options.Raft.ElectionTimeout.Ticks / 2);
            driver.MakeDurable();
            var votes = driver.World.Sent.Where(sent => sent.Message.Kind is MessageKind.PreVote or MessageKind.Vote).ToArray();
            foreach (var (asked, _) in votes)
            {
                if (asked.To != Leader) continue;
                var kind = asked.Kind == MessageKind.Vote ? MessageKind.VoteResponse : MessageKind.PreVoteResponse;
                driver.Hear(new Message { Kind = kind, To = new MemberId(1), Term = asked.Term, Context = asked.Context });
            }

            driver.World.Sent.Clear();
        }

        Assert.True(driver.Replica.Leads);
        return driver;
    }

    /// <summary>For two election time-outs, in which member 2 answers what it is sent.</summary>
    private static void LiveOn(Driver driver)
    {
        for (var i = 0; i < 8; i++)
        {
            driver.Advance(driver.Options.Raft.ElectionTimeout.Ticks / 4);
            driver.MakeDurable();
            foreach (var (sent, _) in driver.World.Sent.Where(sent => sent.Message.Kind == MessageKind.Heartbeat).ToArray())
            {
                if (sent.To != Leader) continue;
                driver.Hear(new Message
                {
                    Kind = MessageKind.HeartbeatResponse, To = new MemberId(1), Term = sent.Term, Session = sent.Session,
                    Context = sent.Context,
                });
            }

            driver.World.Sent.Clear();
        }

        Assert.True(driver.Replica.Leads);
    }

    private static void Wish(Driver driver, ulong from, SkippedEntry named) => driver.Hand(
        new PeerForward(Origin(from), new ForwardedCommand(0, new Term(2), HostCommand.Write(HostCommand.Wish, named))));

    private ReplicaOptions Options(params SkippedEntry[] skips) =>
        new() { Raft = World.Options(), Note = _notes.Add, Skips = skips };

    private static Origin Origin(ulong member) => new(default, new MemberId(member), new Incarnation(member), new Boot(1), 1);

    private static ReplicaEntry Order(ulong term, ulong index, SkippedEntry? named = null)
    {
        var bytes = HostCommand.Write(HostCommand.Order, named ?? Named);
        return new ReplicaEntry(
            new EntryRef(new EntryId(new Term(term), new LogIndex(index)), EntryKind.Data, (uint)bytes.Length, Crc32C.Of(bytes), default),
            bytes);
    }

    private static void Follow(Driver driver, ulong commit, params ReplicaEntry[] entries) => driver.Follow(1, commit, entries);

    private static ReplicaStatus StatusOf(Driver driver)
    {
        var told = new TaskCompletionSource<ReplicaStatus>();
        driver.Hand(new TellStatus(told));
        return told.Task.GetAwaiter().GetResult();
    }

    private static Outcome ReadOf(Driver driver)
    {
        var read = new TaskCompletionSource<ReplicaAnswer>();
        driver.Hand(new RunQuery(default, ReadMode.Local, read));
        return Driver.Told(read).Outcome;
    }

    private static TaskCompletionSource<ReplicaAnswer> Write(Driver driver, string command)
    {
        var waiting = driver.Propose(command);
        driver.MakeDurable();
        driver.MakeDurable();
        return waiting;
    }
}

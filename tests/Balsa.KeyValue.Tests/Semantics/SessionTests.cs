using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>A request of a session runs once, and its answer can be asked for again.</summary>
public abstract class SessionTests : SemanticsTests
{
    private protected SessionTests(IStoreUnderTest store) : base(store)
    {
    }

    /// <summary>Small numbers: two sessions, three answers, of 40 bytes together.</summary>
    private protected static StoreOptions Small => new() { SessionsMax = 2, SessionAnswersMax = 3, SessionAnswerBytesMax = 40 };

    [Fact]
    public void A_session_is_named_by_the_index_of_its_entry()
    {
        Put("a");
        Assert.Equal(2UL, Open());
    }

    [Fact]
    public void A_repeated_request_gets_its_first_answer_and_does_not_run()
    {
        var session = Open();
        Assert.Equal(2, PutIn(session, 1).Revision);
        Put("b");
        Assert.Equal(2, PutIn(session, 1).Revision);
        Assert.Equal(3, Revision);
    }

    [Fact]
    public void An_error_is_an_answer_too()
    {
        var session = Open();
        AssertRefused(StoreError.LeaseNotFound, PutIn(session, 1, lease: 5));
        Grant(5);
        AssertRefused(StoreError.LeaseNotFound, PutIn(session, 1, lease: 5));
    }

    [Fact]
    public void Request_0_runs_whenever_it_comes()
    {
        var session = Open();
        Assert.Equal(2, PutIn(session, 0).Revision);
        Assert.Equal(3, PutIn(session, 0).Revision);
    }

    [Fact]
    public void Requests_may_come_in_any_order()
    {
        var session = Open();
        PutIn(session, 9);
        Assert.Equal(3, PutIn(session, 4).Revision);
        Assert.Equal(2, PutIn(session, 9).Revision);
    }

    [Fact]
    public void The_same_request_for_another_kind_of_command_is_refused()
    {
        var session = Open();
        PutIn(session, 1);
        AssertRefused(StoreError.Malformed, Apply(CommandKind.Delete, Body(DeleteOf("a")), session, 1));
        Assert.Single(Get("a").Values);
    }

    [Fact]
    public void An_unknown_session_runs_nothing()
    {
        AssertRefused(StoreError.SessionUnknown, PutIn(77, 1));
        Assert.Equal(1, Revision);
    }

    [Fact]
    public void A_closed_session_is_unknown()
    {
        var session = Open();
        AssertDone(Apply(CommandKind.SessionClose, [], session));
        AssertRefused(StoreError.SessionUnknown, PutIn(session, 1));
        AssertRefused(StoreError.SessionUnknown, Apply(CommandKind.SessionClose, [], session));
        AssertRefused(StoreError.SessionUnknown, Apply(CommandKind.SessionClose, []));
    }

    [Fact]
    public void A_session_ends_when_it_gave_no_sign_of_life_for_longer_than_its_time()
    {
        LogSeconds = 100;
        var session = Open(seconds: 10);
        LogSeconds = 110;
        AssertDone(Apply(CommandKind.Touch, [], session));
        LogSeconds = 120;
        AssertDone(PutIn(session, 1));
        LogSeconds = 131;
        AssertRefused(StoreError.SessionUnknown, PutIn(session, 1));
    }

    [Fact]
    public void Log_time_never_goes_back()
    {
        var session = Open(seconds: 10);
        LogSeconds = 50;
        Put("a");
        LogSeconds = 5;
        AssertRefused(StoreError.SessionUnknown, PutIn(session, 1));
    }

    [Fact]
    public void At_the_limit_new_sessions_are_refused_and_live_ones_stay()
    {
        var first = Open(seconds: 10);
        Open(seconds: 1000);
        AssertRefused(StoreError.SessionLimit, OpenAnswer(10));
        AssertDone(PutIn(first, 1));
        LogSeconds = 11;
        AssertDone(OpenAnswer(10));
        AssertRefused(StoreError.SessionUnknown, PutIn(first, 1));
    }

    [Fact]
    public void A_time_without_sense_is_refused()
    {
        AssertRefused(StoreError.Malformed, OpenAnswer(0));
        AssertRefused(StoreError.Malformed, OpenAnswer(31 * 86_400));
    }

    [Fact]
    public void Only_the_newest_requests_are_remembered_and_older_ones_are_not_run()
    {
        var session = Open();
        for (var request = 1UL; request <= 4; request++) PutIn(session, request);
        AssertRefused(StoreError.RequestTooOld, PutIn(session, 1));
        Assert.Equal(3, PutIn(session, 2).Revision);
        Assert.Equal(5, Revision);
    }

    [Fact]
    public void A_request_that_many_overtook_runs_and_is_only_known_to_be_old_afterwards()
    {
        var session = Open();
        foreach (var request in (ulong[])[10, 11, 12]) PutIn(session, request);
        Assert.Equal(5, PutIn(session, 3).Revision);
        AssertRefused(StoreError.RequestTooOld, PutIn(session, 3));
        AssertRefused(StoreError.RequestTooOld, PutIn(session, 2));
    }

    [Fact]
    public void An_answer_too_large_to_be_kept_says_when_it_was_done()
    {
        Put("a", new string('x', 60));
        var session = Open();
        Assert.Equal(3, PutIn(session, 1, options: PutOptions.ReturnPrevious).Revision);
        Put("b");
        var again = PutIn(session, 1, options: PutOptions.ReturnPrevious);
        Assert.Equal((StoreError.AnswerNotKept, 3), (again.Error, again.Revision));
    }

    [Fact]
    public void The_oldest_answer_goes_first_when_there_is_no_room()
    {
        var session = Open();
        Put("a", new string('x', 10));
        for (var request = 1UL; request <= 3; request++) PutIn(session, request, "x2345678901", PutOptions.ReturnPrevious);
        AssertRefused(StoreError.AnswerNotKept, PutIn(session, 1));
        AssertDone(PutIn(session, 3));
    }

    private ulong Open(long seconds = 3600) => (ulong)OpenAnswer(seconds).Id;

    private Answer OpenAnswer(long seconds) => Apply(CommandKind.SessionOpen, Body(new SessionOpenCommand(seconds).Write));

    private Answer PutIn(ulong session, ulong request, string value = "v", PutOptions options = PutOptions.None, long lease = 0) =>
        Apply(CommandKind.Put, Body(PutOf("a", value, lease, options)), session, request);
}

public sealed class SessionTestsOfTheStore() : SessionTests(new RealStore(Small));

public sealed class SessionTestsOfTheModel() : SessionTests(new Model(Small));

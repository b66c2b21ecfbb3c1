using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using static Balsa.KeyValue.Tests.Sessions.SessionTables;

namespace Balsa.KeyValue.Tests.Sessions;

/// <summary>What answers may cost, and who forgets first.</summary>
public sealed class SessionBoundsTests
{
    private static readonly StoreOptions Options =
        new() { SessionAnswersMax = 8, SessionAnswerBytesMax = 100, AnswerBytesMax = 250 };

    private readonly SessionTable<NoStoreProbe> _table = new(Options);

    [Fact]
    public void An_answer_that_is_too_large_is_remembered_by_its_revision()
    {
        _table.Open(1, 0);
        Assert.Equal("run", _table.Do(1, 1, 101));
        Assert.Equal("done at 1001", _table.Do(1, 1));
        Assert.Equal("run", _table.Do(1, 2, 100));
        Assert.Equal(Kept(2, 100), _table.Do(1, 2));
    }

    [Fact]
    public void An_answer_that_is_too_large_costs_no_other_its_bytes()
    {
        _table.Open(1, 0);
        _table.Do(1, 1, 90);
        _table.Do(1, 2, 101);
        Assert.Equal(Kept(1, 90), _table.Do(1, 1));
    }

    [Fact]
    public void In_one_session_the_oldest_answers_lose_their_bytes_first_and_are_still_known_as_done()
    {
        _table.Open(1, 0);
        foreach (var request in new ulong[] { 2, 1, 3 }) _table.Do(1, request, 30);
        _table.Do(1, 4, 40);
        Assert.Equal("done at 1001", _table.Do(1, 1));
        foreach (var request in new ulong[] { 2, 3 }) Assert.Equal(Kept(request, 30), _table.Do(1, request));
        Assert.Equal(Kept(4, 40), _table.Do(1, 4));
        Assert.Equal(100, _table.AnswerBytes);
        _table.Do(1, 5, 41);
        Assert.Equal("done at 1002", _table.Do(1, 2));
        Assert.Equal("done at 1003", _table.Do(1, 3));
        Assert.Equal(81, _table.AnswerBytes);
    }

    [Fact]
    [Row("S2-17")]
    public void Over_all_sessions_the_least_recently_used_one_forgets_first()
    {
        for (var id = 1UL; id <= 3; id++) _table.Open(id, 0);
        _table.Do(1, 1, 80);
        _table.Do(2, 1, 80);
        _table.Do(3, 1, 80);
        Assert.Equal(Kept(1, 80), _table.Do(1, 1));
        _table.Do(3, 2, 15);
        Assert.Equal("done at 1001", _table.Do(2, 1));
        Assert.Equal(Kept(1, 80), _table.Do(1, 1));
        Assert.Equal(Kept(1, 80), _table.Do(3, 1));
        Assert.Equal(175, _table.AnswerBytes);
    }

    [Fact]
    public void A_sign_of_life_without_id_counts_as_use()
    {
        for (var id = 1UL; id <= 3; id++) _table.Open(id, 0);
        for (var id = 1UL; id <= 3; id++) _table.Do(id, 1, 80);
        _table.Ask(1, 0);
        _table.Do(3, 2, 15);
        Assert.Equal(Kept(1, 80), _table.Do(1, 1));
        Assert.Equal("done at 1001", _table.Do(2, 1));
    }

    [Fact]
    public void Bytes_of_sessions_that_end_are_free_again()
    {
        _table.Open(1, 0, 10);
        _table.Open(2, 0);
        _table.Open(3, 0);
        for (var id = 1UL; id <= 3; id++) _table.Do(id, 1, 80);
        _table.Expire(11 * Second, 10);
        _table.Close(2);
        Assert.Equal(80, _table.AnswerBytes);
        _table.Open(4, 0);
        _table.Do(4, 1, 100);
        Assert.Equal(Kept(1, 80), _table.Do(3, 1));
    }

    [Fact]
    public void A_bound_below_that_of_a_session_holds_for_one_session_too()
    {
        var table = new SessionTable<NoStoreProbe>(Options with { AnswerBytesMax = 50 });
        table.Open(1, 0);
        table.Do(1, 1, 51);
        Assert.Equal("done at 1001", table.Do(1, 1));
        table.Do(1, 2, 30);
        table.Do(1, 3, 30);
        Assert.Equal("done at 1002", table.Do(1, 2));
        Assert.Equal(Kept(3, 30), table.Do(1, 3));
        Assert.Equal(30, table.AnswerBytes);
    }

    [Fact]
    [Row("S2-17", "M2-16")]
    public void A_session_remembers_a_bounded_number_of_requests()
    {
        _table.Open(1, 0);
        for (var request = 1UL; request <= 1000; request++) _table.Do(1, request);
        Assert.Equal(8, _table.AnswerBytes);
        Assert.Equal("RequestTooOld", _table.Do(1, 992));
        Assert.Equal(Kept(993), _table.Do(1, 993));
    }

    [Fact]
    public void Without_room_for_any_request_each_runs_once_and_is_too_old_afterwards()
    {
        var table = new SessionTable<NoStoreProbe>(Options with { SessionAnswersMax = 0 });
        table.Open(1, 0);
        Assert.Equal("run", table.Do(1, 1));
        Assert.Equal("RequestTooOld", table.Do(1, 1));
        Assert.Equal("run", table.Do(1, 2));
    }

    [Fact]
    [Row("S2-17", "M2-16")]
    public void A_session_in_steady_use_allocates_nothing()
    {
        var table = new SessionTable<NoStoreProbe>(new StoreOptions());
        for (var id = 1UL; id <= 10; id++) table.Open(id, 0);
        var answer = new byte[37];
        Run(1, 5000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(5001, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(ulong from, ulong to)
        {
            for (var request = from; request <= to; request++)
            {
                if (!table.Begin(1 + request % 10, request, (long)request).Runs) Assert.Fail("It was not done before.");
                table.Remember(1 + request % 10, request, (long)request, answer.AsSpan(0, (int)(request % 37)));
            }
        }
    }

    [Fact]
    public void Memory_that_large_answers_took_is_given_back_when_small_ones_follow()
    {
        var answers = new SessionAnswers(1, new ByteWriter());
        answers.Add(1, 1, keeps: true, AnswerOf(1, 60_000));
        Assert.InRange(answers.BytesReserved, 60_000, 1 << 17);
        answers.Add(2, 2, keeps: true, AnswerOf(2, 10));
        answers.ForgetOldest();
        answers.Add(3, 3, keeps: true, AnswerOf(3, 10));
        Assert.InRange(answers.BytesReserved, 20, 512);
        Assert.Equal(AnswerOf(2, 10), answers.Repeat(answers.Find(2)).Answer.ToArray());
        Assert.Equal(AnswerOf(3, 10), answers.Repeat(answers.Find(3)).Answer.ToArray());
        answers.ForgetAnswers();
        Assert.Equal((0, 0, 2), (answers.BytesReserved, answers.Bytes, answers.Count));
    }

    [Fact]
    public void Memory_stays_within_a_few_times_the_bytes_that_are_kept()
    {
        var random = new Random(3);
        var answers = new SessionAnswers(1, new ByteWriter());
        for (var request = 1UL; request <= 20_000; request++)
        {
            if (answers.Count == 16) answers.ForgetOldest();
            answers.Add(request, 1, keeps: true, AnswerOf(request, random.Next(request % 1000 < 500 ? 4000 : 10)));
            Assert.True(answers.BytesReserved <= Math.Max(512, 8 * answers.Bytes + 4000));
        }
    }
}

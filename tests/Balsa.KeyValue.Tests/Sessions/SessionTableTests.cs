using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Store;
using static Balsa.KeyValue.Tests.Sessions.SessionTables;

namespace Balsa.KeyValue.Tests.Sessions;

/// <summary>A request runs once, and its repetition gets the first answer.</summary>
public sealed class SessionTableTests
{
    private readonly SessionTable<NoStoreProbe> _table = new(new StoreOptions { SessionsMax = 3, SessionAnswersMax = 4 });

    [Fact]
    public void A_session_is_named_by_the_index_of_its_entry()
    {
        Assert.Equal(StoreError.None, _table.Open(7, 0));
        Assert.True(_table.Contains(7));
        Assert.Equal("run", _table.Ask(7, 1));
        Assert.Equal("SessionUnknown", _table.Ask(8, 1));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(30 * 86_400, true)]
    [InlineData(30 * 86_400 + 1, false)]
    [InlineData(long.MaxValue, false)]
    public void A_session_lives_between_a_second_and_thirty_days_without_a_sign_of_life(long seconds, bool isRight)
    {
        Assert.Equal(isRight ? StoreError.None : StoreError.Malformed, _table.Open(1, 0, seconds));
        Assert.Equal(isRight ? 1 : 0, _table.Count);
    }

    [Fact]
    public void An_unknown_session_is_an_error_and_never_a_run()
    {
        Assert.Equal("SessionUnknown", _table.Ask(1, 0));
        Assert.Equal("SessionUnknown", _table.Ask(1, 1));
        _table.Remember(1, 1, 1, [1]);
        Assert.Equal("SessionUnknown", _table.Ask(1, 1));
    }

    [Fact]
    public void A_closed_session_is_unknown()
    {
        _table.Open(1, 0);
        _table.Do(1, 1);
        Assert.True(_table.Close(1));
        Assert.False(_table.Close(1));
        Assert.Equal("SessionUnknown", _table.Ask(1, 1));
        Assert.Equal((0, 0L, 0UL), (_table.Count, _table.AnswerBytes, _table.ContentHash));
    }

    [Fact]
    public void A_session_that_closes_itself_leaves_no_answer_behind()
    {
        _table.Open(1, 0);
        Assert.Equal("run", _table.Ask(1, 1));
        _table.Close(1);
        _table.Remember(1, 1, 1, [1]);
        Assert.Equal((0, 0L, 0UL), (_table.Count, _table.AnswerBytes, _table.ContentHash));
    }

    [Fact]
    public void A_repeated_request_gets_its_first_answer_byte_for_byte()
    {
        _table.Open(1, 0);
        Assert.Equal("run", _table.Ask(1, 5));
        _table.Remember(1, 5, 77, [1, 2, 3]);
        Assert.Equal("77: 010203", _table.Ask(1, 5));
        _table.Remember(1, 5, 78, [9]);
        Assert.Equal("77: 010203", _table.Ask(1, 5));
    }

    [Fact]
    public void A_repeated_request_gets_its_own_answer_and_not_a_newer_one()
    {
        _table.Open(1, 0);
        for (var request = 1UL; request <= 4; request++) Assert.Equal("run", _table.Do(1, request));
        for (var request = 1UL; request <= 4; request++) Assert.Equal(Kept(request), _table.Do(1, request));
    }

    [Fact]
    public void An_empty_answer_is_an_answer()
    {
        _table.Open(1, 0);
        _table.Do(1, 4, length: 300);
        _table.Do(1, 5, length: 0);
        Assert.Equal("1005: ", _table.Ask(1, 5));
        for (var request = 6UL; request <= 8; request++) _table.Do(1, request);
        Assert.Equal("1005: ", _table.Ask(1, 5));
    }

    [Fact]
    public void Sessions_do_not_share_requests()
    {
        _table.Open(1, 0);
        _table.Open(2, 0);
        Assert.Equal("run", _table.Do(1, 5));
        Assert.Equal("run", _table.Do(2, 5));
    }

    [Fact]
    public void Request_0_runs_whenever_it_comes()
    {
        _table.Open(1, 0);
        Assert.Equal("run", _table.Do(1, 0));
        Assert.Equal("run", _table.Do(1, 0));
        Assert.Equal(0, _table.AnswerBytes);
    }

    [Fact]
    public void Requests_of_a_caller_that_pipelines_may_arrive_in_any_order()
    {
        _table.Open(1, 0);
        foreach (var request in new ulong[] { 4, 2, 3, 1 }) Assert.Equal("run", _table.Do(1, request));
        foreach (var request in new ulong[] { 1, 2, 3, 4 }) Assert.Equal(Kept(request), _table.Do(1, request));
    }

    [Fact]
    public void A_request_older_than_what_is_remembered_is_refused_and_never_runs()
    {
        _table.Open(1, 0);
        for (var request = 1UL; request <= 6; request++) _table.Do(1, request);
        Assert.Equal("RequestTooOld", _table.Do(1, 1));
        Assert.Equal("RequestTooOld", _table.Do(1, 2));
        Assert.Equal(Kept(3), _table.Do(1, 3));
    }

    [Fact]
    public void A_request_that_was_left_out_runs_as_long_as_it_is_above_the_floor()
    {
        _table.Open(1, 0);
        foreach (var request in new ulong[] { 10, 30, 40, 50, 60 }) _table.Do(1, request);
        Assert.Equal("RequestTooOld", _table.Do(1, 9));
        Assert.Equal("RequestTooOld", _table.Do(1, 10));
        Assert.Equal("run", _table.Do(1, 35));
        Assert.Equal("RequestTooOld", _table.Do(1, 30));
        Assert.Equal(Kept(35), _table.Do(1, 35));
    }

    [Fact]
    public void A_request_that_many_newer_ones_overtook_runs_once_and_is_too_old_afterwards()
    {
        _table.Open(1, 0);
        foreach (var request in new ulong[] { 1, 3, 4, 5, 6 }) _table.Do(1, request);
        Assert.Equal("run", _table.Do(1, 2));
        Assert.Equal("RequestTooOld", _table.Do(1, 2));
        Assert.Equal(Kept(3), _table.Do(1, 3));
    }

    [Fact]
    public void The_largest_ids_are_requests_like_all_others()
    {
        _table.Open(1, 0);
        Assert.Equal("run", _table.Do(1, ulong.MaxValue));
        Assert.Equal("run", _table.Do(1, ulong.MaxValue - 1));
        Assert.Equal(Kept(ulong.MaxValue), _table.Do(1, ulong.MaxValue));
    }

    [Fact]
    public void At_the_limit_a_new_session_is_refused_and_the_live_ones_stay()
    {
        for (var id = 1UL; id <= 3; id++) Assert.Equal(StoreError.None, _table.Open(id, 0));
        var hash = _table.ContentHash;
        Assert.Equal(StoreError.SessionLimit, _table.Open(4, 60 * Second));
        Assert.Equal((3, hash), (_table.Count, _table.ContentHash));
        for (var id = 1UL; id <= 3; id++) Assert.Equal("run", _table.Ask(id, 1, 60 * Second));
        _table.Close(2);
        Assert.Equal(StoreError.None, _table.Open(5, 60 * Second));
    }

    [Fact]
    public void At_the_limit_an_expired_session_makes_room()
    {
        for (var id = 1UL; id <= 3; id++) _table.Open(id, 0);
        Assert.Equal("run", _table.Ask(1, 0, Second));
        Assert.Equal(StoreError.None, _table.Open(4, 60 * Second + 1));
        Assert.True(_table.Contains(1));
    }

    [Fact]
    public void The_content_hash_counts_what_decides_and_forgets_what_is_gone()
    {
        var hashes = new HashSet<ulong> { _table.ContentHash };
        _table.Open(1, 0);
        Assert.True(hashes.Add(_table.ContentHash));
        _table.Ask(1, 0, Second);
        Assert.True(hashes.Add(_table.ContentHash));
        _table.Do(1, 1, now: Second);
        Assert.True(hashes.Add(_table.ContentHash));
        _table.Open(2, Second, 61);
        Assert.True(hashes.Add(_table.ContentHash));
        _table.Close(2);
        _table.Close(1);
        Assert.Equal(0UL, _table.ContentHash);
    }

    [Fact]
    public void Two_answers_that_differ_in_a_byte_or_in_being_kept_give_different_hashes()
    {
        var hashes = new HashSet<ulong>();
        foreach (var answer in new byte[][] { [], [0], [1], [1, 0], new byte[1000] })
        {
            var table = new SessionTable<NoStoreProbe>(new StoreOptions { SessionAnswerBytesMax = 100 });
            table.Open(1, 0);
            table.Remember(1, 1, 5, answer);
            Assert.True(hashes.Add(table.ContentHash));
        }
    }
}

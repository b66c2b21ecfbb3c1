using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Tests.Probes;
using static Balsa.KeyValue.Tests.Sessions.SessionTables;

namespace Balsa.KeyValue.Tests.Sessions;

/// <summary>Each mistake that can be planted in the table changes something that a client sees.</summary>
public sealed class SessionMutantTests
{
    [Fact]
    public void A_request_that_runs_again_is_caught() => Catches(StoreMutant.RequestRunsAgain, table =>
    {
        table.Open(1, 0);
        table.Do(1, 1);
        return table.Do(1, 1);
    });

    [Fact]
    public void The_answer_of_another_request_is_caught() => Catches(StoreMutant.AnswerOfNewestRequest, table =>
    {
        table.Open(1, 0);
        table.Do(1, 1);
        table.Do(1, 2);
        return table.Do(1, 1);
    });

    [Fact]
    public void An_expired_session_that_runs_is_caught() => Catches(StoreMutant.ExpiredSessionRuns, table =>
    {
        table.Open(1, 0, 10);
        table.Expire(11 * Second, 10);
        return table.Do(1, 1, now: 11 * Second);
    });

    [Fact]
    public void A_live_session_that_had_to_go_is_caught() => Catches(StoreMutant.LiveSessionEvicted, table =>
    {
        table.Open(1, 0);
        table.Open(2, 0);
        var third = table.Open(3, 0);
        return third == StoreError.SessionLimit ? table.Do(1, 1) : third + table.Do(1, 1);
    });

    private static void Catches(StoreMutant mutant, Func<SessionTable<Planted>, string> story)
    {
        var options = new StoreOptions { SessionsMax = 2 };
        var right = story(new SessionTable<Planted>(options));
        var wrong = story(new SessionTable<Planted>(options, new Planted(mutant)));
        Assert.NotEqual(right, wrong);
    }
}

using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Keys;

public sealed class SessionTests
{
    private static readonly ClientResponse Done = new() { Outcome = ClientOutcome.Done, Revision = 7 };

    [Fact]
    public void A_write_whose_answer_was_lost_is_sent_again_under_the_same_number()
    {
        using var member = new Member(Member.Silence, Unknown(), Done);
        var run = member.Balsa("put", "a", "1");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, member.Asked.Count);
        Assert.All(member.Asked, asked => Assert.Equal((Member.SessionId, 1UL), (asked.Session, asked.Request)));
    }

    [Fact]
    public void A_write_that_nobody_answers_in_time_is_unknown_even_when_its_last_attempt_was_refused()
    {
        using var member = new Member([Member.Silence, .. Enumerable.Repeat(Refused(ClientError.NoLeader), 400)]);
        var run = member.Balsa("put", "a", "1", "--timeout", "400ms", "--json");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("\"outcome\":\"unknown\"", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("E0105", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_was_only_refused_is_not_done()
    {
        using var member = new Member([.. Enumerable.Repeat(Refused(ClientError.NoLeader), 400)]);
        var run = member.Balsa("put", "a", "1", "--timeout", "400ms", "--json");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("\"outcome\":\"not-done\"", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_store_says_to_a_repeated_write_is_its_answer()
    {
        using var member = new Member(Member.Silence, Refused(ClientError.NoSuchKey));
        var run = member.Balsa("replace", "a", "1");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("E0302", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_session_is_replaced_only_before_anything_was_sent_in_it()
    {
        using var member = new Member(Member.Silence, Refused(ClientError.SessionUnknown));
        var run = member.Balsa("put", "a", "1");
        Assert.Equal(4, run.ExitCode);
        Assert.Equal(2, member.Asked.Count);
    }

    [Fact]
    public void Without_room_for_a_session_a_write_is_sent_once()
    {
        using var member = new Member(refusesSessions: true, Refused(ClientError.SessionLimit), Member.Silence);
        var run = member.Balsa("put", "a", "1");
        Assert.Equal(4, run.ExitCode);
        Assert.Equal([ClientOperation.OpenSession, ClientOperation.Put], member.Asked.Select(asked => asked.Op));
        Assert.Equal(0UL, member.Asked[1].Session);
    }

    [Fact]
    public void A_write_is_not_done_when_no_session_could_be_opened_for_it()
    {
        using var member = new Member(refusesSessions: true, [.. Enumerable.Repeat(Unknown(), 400)]);
        var run = member.Balsa("put", "a", "1", "--timeout", "400ms", "--json");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("\"outcome\":\"not-done\"", run.LastLine, StringComparison.Ordinal);
        Assert.All(member.Asked, asked => Assert.Equal(ClientOperation.OpenSession, asked.Op));
    }

    [Fact]
    public void Reads_need_no_session()
    {
        using var member = new Member(
            Member.Silence, Done with { Values = [new ClientValue("a"u8.ToArray(), "1"u8.ToArray(), 1, 2, 2, 1)] });
        Assert.Equal(0, member.Balsa("get", "a").ExitCode);
        Assert.All(member.Asked, asked => Assert.Equal(0UL, asked.Session));
    }

    private static ClientResponse Refused(string code) => new() { Outcome = ClientOutcome.NotDone, Code = code, Message = "no" };

    private static ClientResponse Unknown() =>
        new() { Outcome = ClientOutcome.Unknown, Code = ClientError.OutcomeUnknown, Message = "who knows" };
}

using Balsa.Node.Peers;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;

namespace Balsa.Node.Tests.Peers;

public sealed class UnknownCallersTests
{
    private readonly UnknownCallers _callers = new();
    private readonly Configuration _known = Configuration.OfVoters(1, 2, 3);

    [Fact]
    public void Who_is_not_named_yet_is_called_back_where_it_says_that_it_is()
    {
        Assert.True(_callers.Note(_known, new MemberId(7), "http://10.0.0.7:2380"));
        Assert.False(_callers.Note(_known, new MemberId(7), "http://10.0.0.7:2380"));
        var member = Assert.Single(_callers.All);
        Assert.Equal((new MemberId(7), "http://10.0.0.7:2380"), (member.Id, member.PeerUrls));
        Assert.True(_callers.Note(_known, new MemberId(7), "http://10.0.0.8:2380"));
    }

    [Fact]
    public void Who_is_named_or_says_nothing_is_not_noted()
    {
        Assert.False(_callers.Note(_known, new MemberId(2), "http://10.0.0.2:2380"));
        Assert.False(_callers.Note(_known, new MemberId(7), ""));
        Assert.Empty(_callers.All);
    }

    [Fact]
    public void An_empty_member_calls_a_leader_back_that_joined_after_it() =>
        Assert.True(_callers.Note(Configuration.Empty, new MemberId(7), "http://10.0.0.7:2380"));

    [Fact]
    public void Who_becomes_known_is_forgotten_here_and_strangers_cannot_fill_the_memory()
    {
        for (var id = 4UL; id < 1000; id++) _callers.Note(_known, new MemberId(id), $"http://10.0.0.1:{id}");
        Assert.InRange(_callers.All.Count(), 1, 100);
        _callers.Forget(Configuration.OfVoters(1, 2, 3, 4));
        Assert.DoesNotContain(_callers.All, member => member.Id == new MemberId(4));
    }
}

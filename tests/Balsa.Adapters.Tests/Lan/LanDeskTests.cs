using Balsa.Adapters.Lan;

namespace Balsa.Adapters.Tests.Lan;

/// <summary>The desk of the LAN dialect: every request is answered once, with its own id, by who may.</summary>
public sealed class LanDeskTests
{
    private readonly List<LanMessage> _sent = [];
    private readonly ObedientNode _node = new();
    private readonly LanDesk _desk;

    public LanDeskTests() => _desk = new LanDesk("0001", _node, _sent.Add, new LanDeskOptions { PatienceTicks = 1_000, HeldMax = 4 });

    [Fact]
    [Row("S4-19", "S4-20", "S4-10")]
    public void The_leader_serves_and_a_follower_says_who_leads()
    {
        _node.Leader = "0001";
        Ask("put", "a", "k", "v");
        Ask("get", "b", "k");
        Ask("get", "c", "other");
        _node.Leader = "0003";
        Ask("get", "d", "k");
        Assert.Equal(["success", "success", "failure", "forward2leader"], _sent.Select(reply => reply.Category));
        Assert.Equal(["a", "b", "c", "d"], _sent.Select(reply => reply.Id));
        Assert.Equal(("v", "0003", "0001"), (_sent[1].Value, _sent[3].Leader, _sent[3].Source));
    }

    [Fact]
    [Row("S4-21", "M4-13", "S4-18")]
    public void A_request_without_a_leader_waits_and_is_answered_once_with_its_own_id()
    {
        Ask("get", "a", "k");
        Ask("put", "b", "k", "v");
        Assert.Empty(_sent);
        _node.Leader = "0002";
        _desk.OnTime(10);
        _desk.OnTime(20);
        Assert.Equal(["a", "b"], _sent.Select(reply => reply.Id));
        Assert.All(_sent, reply => Assert.Equal(("forward2leader", "0002"), (reply.Category, reply.Leader)));
    }

    [Fact]
    [Row("S4-21", "M4-16")]
    public void Who_waits_too_long_or_is_one_too_many_gets_a_failure()
    {
        for (var i = 0; i < 6; i++) Ask("get", $"r{i}", "k");
        Assert.Equal(["r4", "r5"], _sent.Select(reply => reply.Id));
        _desk.OnTime(1_000);
        Assert.Equal(6, _sent.Count);
        Assert.All(_sent, reply => Assert.Equal((LanCategories.Failure, LanReasons.NotDone), (reply.Category, reply.Reason)));
        Assert.Equal(0, _desk.Held);
    }

    [Fact]
    public void A_datagram_that_comes_twice_is_answered_once()
    {
        _node.Leader = "0001";
        Ask("put", "a", "k", "v");
        Ask("put", "a", "k", "v");
        Assert.Single(_sent);
        Assert.Equal(1, _desk.Repeated);
    }

    [Fact]
    [Row("M4-01")]
    public void What_may_have_happened_is_neither_called_done_nor_not_done()
    {
        (_node.Leader, _node.Verdict) = ("0001", LanVerdict.Unknown);
        Ask("put", "a", "k", "v");
        Assert.Equal((LanCategories.Failure, LanReasons.Unknown), (_sent[0].Category, _sent[0].Reason));
    }

    private void Ask(string category, string id, string key, string? value = null) => _desk.OnRequest(
        new LanMessage { Source = "001e", Destination = "0001", Category = category, Id = id, Key = key, Value = value }, 0);

    /// <summary>A node that leads or follows, and says of puts what a test wants.</summary>
    private sealed class ObedientNode : ILanNode
    {
        private readonly Dictionary<string, string> _store = new(StringComparer.Ordinal);

        public string? Leader { get; set; }

        public ulong Term => 7;

        internal LanVerdict Verdict { get; set; }

        public void Put(string key, string value, Action<LanResult> answered)
        {
            if (Verdict == LanVerdict.Done) _store[key] = value;
            answered(new LanResult(Verdict));
        }

        public void Get(string key, Action<LanResult> answered) => answered(
            _store.TryGetValue(key, out var value) ? new LanResult(LanVerdict.Done, value) : new LanResult(LanVerdict.NoSuchKey));
    }
}

using Balsa.Adapters.Lan;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Tests.Metrics;

/// <summary>The hub with servers that say what a test wants.</summary>
public sealed class HubTests
{
    private readonly ScriptedCluster _cluster = new(Experiments.With("", ("servers", "2"), ("number_of_clients", "1"), ("gp_ratio", "0")));

    [Fact]
    [Row("S4-29", "S4-33")]
    public void A_server_that_sends_what_is_no_reply_is_shut_down_and_counted()
    {
        var asked = _cluster.FirstRequest();
        _cluster.Hub.OnMessage(0, asked.ReplyTo("heartbeat", "0000", 1) with { Source = "0000" });
        Assert.Equal(1, _cluster.Hub.Record.Counters.Wrong);
        Assert.Equal([0], _cluster.Failed);
        // Nobody hears it any more.
        _cluster.Hub.OnMessage(0, asked.ReplyTo("success", "0000", 1) with { Source = "0000" });
        Assert.Equal(RequestState.Open, _cluster.Hub.Record.Requests[0].State);
    }

    [Fact]
    [Row("S4-29")]
    public void Replies_are_counted_by_what_they_are()
    {
        var asked = _cluster.FirstRequest();
        var server = asked.Destination == "0000" ? 0 : 1;
        var counters = _cluster.Hub.Record.Counters;
        _cluster.Hub.OnMessage(server, asked.ReplyTo("success", "unkown", 0) with { Id = "nobody's" });
        Assert.Equal(1, counters.Wrong);
        _cluster.Hub.OnMessage(server, asked.ReplyTo("forward2leader", "unkown", 0));
        Assert.Equal((1, RequestState.Open), (counters.Redirects, _cluster.Hub.Record.Requests[0].State));
        _cluster.Hub.OnMessage(server, asked.ReplyTo("forward2leader", "unkown", 0));
        Assert.Equal((1, 1), (counters.Redirects, counters.Duplicates));
        Assert.Single(counters.Latencies);
    }

    [Fact]
    [Row("M4-20")]
    public void A_redirect_that_leads_nowhere_is_followed_with_growing_pauses()
    {
        _cluster.FirstRequest();
        _cluster.Answer = asked => asked.ReplyTo("forward2leader", asked.Destination, 0);
        _cluster.RunUntil(5 * TimeSpan.TicksPerSecond);
        Assert.All(_cluster.Hub.Record.Requests, request => Assert.InRange(request.Attempts, 1, 40));
    }

    [Fact]
    [Row("S4-32", "S4-37", "M4-17")]
    public void A_server_that_ends_by_itself_has_crashed()
    {
        _cluster.FirstRequest();
        _cluster.Hub.OnCrashed(1);
        _cluster.Hub.OnCrashed(1);
        Assert.Equal((1, 0), (_cluster.Hub.Record.Counters.Crashed, _cluster.Hub.Record.Counters.Failed));
        Assert.Equal("Server 0001 crashed; closing sockets", _cluster.Hub.Record.Errors[0]);
    }

    /// <summary>Time that moves when a test says so, and servers that give one answer to everything, or none.</summary>
    private sealed class ScriptedCluster : IMetricsCluster
    {
        private readonly PriorityQueue<Action, (long, int)> _planned = new();
        private int _number;
        private LanMessage? _last;

        internal ScriptedCluster(Experiment experiment) => Hub = new MetricsHub(experiment, this);

        public long Now { get; private set; }

        internal MetricsHub Hub { get; }

        internal List<int> Failed { get; } = [];

        internal Func<LanMessage, LanMessage>? Answer { get; set; }

        public void At(long time, Action what) => _planned.Enqueue(what, (time, _number++));

        public void Send(int server, LanMessage message)
        {
            _last ??= message;
            if (Answer is { } answer) At(Now + 1_000, () => Hub.OnMessage(server, answer(message)));
        }

        public void Start(int server)
        {
        }

        public void Fail(int server, FailureMode mode) => Failed.Add(server);

        public void Pause(int server, long ticks)
        {
        }

        public void CutPower()
        {
        }

        public void Cut(int one, int other)
        {
        }

        public void Heal()
        {
        }

        public void Degrade(double loss, double delayMs)
        {
        }

        internal LanMessage FirstRequest()
        {
            Hub.Begin();
            while (_last is null) Step();
            return _last;
        }

        internal void RunUntil(long time)
        {
            while (!Hub.IsOver && Now < time) Step();
        }

        private void Step()
        {
            if (!_planned.TryDequeue(out var next, out var when)) throw new InvalidOperationException("Nothing is planned.");
            Now = when.Item1;
            next();
        }
    }
}

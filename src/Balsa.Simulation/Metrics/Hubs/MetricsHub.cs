using System.Globalization;
using Balsa.Adapters.Lan;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>
/// The simulator of the course: it plans requests and actions, stands between clients and servers, and counts. It knows who
/// leads only from what servers have verified, and it has no clock of its own.
/// </summary>
public sealed class MetricsHub
{
    /// <summary>The first client's name is so many above the last server's.</summary>
    private const int FirstClient = 25;

    private readonly IMetricsCluster _cluster;
    private readonly Dice _plan;
    private readonly RequestDriver _driver;
    private readonly ActionRunner _actions;
    private readonly bool[] _isLive;
    private ulong _leaderTerm;

    public MetricsHub(Experiment experiment, IMetricsCluster cluster)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        (Experiment, _cluster, Record) = (experiment, cluster, new MetricsRecord(experiment));
        var dice = new Dice(Mixing.Mix(experiment.Seed, 0x5EED_0048));
        _plan = dice.Fork(1);
        _isLive = new bool[experiment.Servers];
        Array.Fill(_isLive, true);
        Clients = new MetricsClient[experiment.Clients];
        for (var i = 0; i < Clients.Length; i++)
            Clients[i] = new MetricsClient(NameOf(experiment.Servers + FirstClient + i), dice.Fork(100 + (ulong)i));
        _driver = new RequestDriver(this, cluster, dice.Fork(2));
        _actions = new ActionRunner(this, cluster, dice.Fork(3));
        Record.Leaders.Add(LanMessage.Nobody);
    }

    public Experiment Experiment { get; }

    public MetricsRecord Record { get; }

    /// <summary>The time is over, or there were too many messages.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The server that leads as far as the hub knows; null when it knows none.</summary>
    public int? Leader { get; private set; }

    internal MetricsClient[] Clients { get; }

    internal long EndsAt => Ticks(Experiment.Seconds);

    /// <summary>Four digits, as servers and clients are called on the LAN.</summary>
    public static string NameOf(int number) => number.ToString("x4", CultureInfo.InvariantCulture);

    /// <summary>Plans everything. Time may begin.</summary>
    public void Begin()
    {
        for (var i = 0; i < Experiment.Requests; i++) _cluster.At(Ticks(Experiment.QuietStart + i * Experiment.Spacing), MakeRequest);
        foreach (var action in Experiment.Actions) _cluster.At(Ticks(action.At), () => _actions.Do(action));
        _cluster.At(EndsAt, End);
        for (var server = 0; server < Experiment.Servers; server++) OnRole(server, ServerRole.Follower, 0);
    }

    /// <summary>A server says something to a client.</summary>
    public void OnMessage(int server, LanMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (IsOver || !_isLive[server]) return;
        if (message.Category == LanCategories.Hello) return;
        if (message.Leader == message.Source) OnLeads(server, message.Term);
        var client = Array.FindIndex(Clients, one => one.Id == message.Destination);
        if (message.Source != NameOf(server)) OnInvalid(server, $"Error -Address of {NameOf(server)} is not {message.Source}");
        else if (client < 0) OnInvalid(server, $"Error - Unknown destination: {message.Destination}");
        else if (!LanCategories.IsReply(message.Category))
            OnInvalid(server, $"Error-Client did not receive expected message type: {message.Category}");
        else _driver.OnReply(client, message);
    }

    /// <summary>A server has sent what is no message, or not for anybody: it is shut down and counted.</summary>
    public void OnInvalid(int server, string error)
    {
        if (IsOver || !_isLive[server]) return;
        Record.Counters.Wrong++;
        Record.Errors.Add(error);
        Record.Faults.Add(new FaultMark { At = _cluster.Now, Server = server, What = $"{NameOf(server)} shut down: invalid message" });
        _cluster.Fail(server, FailureMode.Crash);
        OnEnded(server);
    }

    /// <summary>A server has won an election, as far as it or the world around it can tell.</summary>
    public void OnLeads(int server, ulong term)
    {
        if (IsOver || !_isLive[server]) return;
        // An older term is news of yesterday; without terms whoever is known stays known until it is lost.
        if (term == 0 ? Leader is not null : term < _leaderTerm || (term == _leaderTerm && Leader == server)) return;
        if (term > _leaderTerm || term == 0) Record.Elections.Add(new Election(_cluster.Now, term, server));
        (_leaderTerm, Leader) = (Math.Max(term, _leaderTerm), server);
        if (Record.Leaders[^1] != NameOf(server)) Record.Leaders.Add(NameOf(server));
    }

    /// <summary>A server has ended, and nobody here asked it to.</summary>
    public void OnCrashed(int server)
    {
        if (IsOver || !_isLive[server]) return;
        Record.Counters.Crashed++;
        Record.Errors.Add($"Server {NameOf(server)} crashed; closing sockets");
        Record.Faults.Add(new FaultMark { At = _cluster.Now, Server = server, What = $"{NameOf(server)} crashed" });
        OnEnded(server);
    }

    public void OnRole(int server, ServerRole role, ulong term)
    {
        if (!IsOver) Record.Roles.Add(new RoleMark(_cluster.Now, server, role, term));
    }

    /// <summary>A message among servers, on its way to one of them.</summary>
    public void OnPeerMessage(MessageGroup group)
    {
        if (!IsOver) Count(group);
    }

    public void OnLag(long[] behind)
    {
        if (!IsOver) Record.Lags.Add(new LagMark(_cluster.Now, behind));
    }

    internal bool IsLive(int server) => _isLive[server];

    internal int? LeaderNamed(string name)
    {
        for (var server = 0; server < Experiment.Servers; server++)
            if (NameOf(server) == name && _isLive[server]) return server;
        return null;
    }

    internal void Count(MessageGroup group)
    {
        Record.Count(group, _cluster.Now);
        if (Record.Counters.Messages <= Experiment.MessagesMax || IsOver) return;
        Record.Errors.Add($"Error - Servers sent too many packets (>{Experiment.MessagesMax}), possible packet storm");
        End();
    }

    /// <summary>It is not there any more, whoever wanted it so.</summary>
    internal void OnEnded(int server)
    {
        _isLive[server] = false;
        OnRole(server, ServerRole.Down, 0);
        Lose(server);
    }

    /// <summary>It may be there, but nobody can count on it.</summary>
    internal void Lose(int server)
    {
        if (Leader != server) return;
        Leader = null;
        Record.Leaders.Add(LanMessage.Nobody);
    }

    internal void OnStarted(int server)
    {
        _isLive[server] = true;
        OnRole(server, ServerRole.Follower, 0);
    }

    internal static long Ticks(double seconds) => (long)Math.Round(seconds * TimeSpan.TicksPerSecond);

    private void MakeRequest()
    {
        if (IsOver) return;
        var number = _plan.Below(Clients.Length);
        var isGet = _plan.Below(1_000_000) < (int)Math.Round(Experiment.GetShare * 1_000_000);
        var (client, counters) = (Clients[number], Record.Counters);
        if (isGet) counters.PlannedGets++;
        else counters.PlannedPuts++;
        if (isGet && client.Stored == 0)
        {
            counters.GetsNotCreated++;
            isGet = false;
        }

        var request = client.Make(number, isGet, _cluster.Now);
        Record.Requests.Add(request);
        _driver.Send(request);
    }

    private void End()
    {
        if (IsOver) return;
        IsOver = true;
        var counters = Record.Counters;
        foreach (var request in Record.Requests)
        {
            if (request.State is RequestState.Done or RequestState.Wrong) continue;
            request.State = RequestState.Unanswered;
            if (request.EndedAt < 0) request.EndedAt = _cluster.Now;
            if (request.IsGet) counters.GetsUnanswered++;
            else counters.PutsUnanswered++;
        }

        counters.Stored = Clients.Sum(client => client.Stored);
        Record.History = Recording.Together(_driver.Recording);
    }
}

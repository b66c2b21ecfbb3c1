using System.Globalization;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>Carries out the actions of an experiment, and undoes them when their time is over. What it cannot do it says.</summary>
internal sealed class ActionRunner(MetricsHub hub, IMetricsCluster cluster, Dice dice)
{
    private readonly List<FaultMark> _partitions = [], _degradations = [];
    private double _loss = hub.Experiment.Loss, _delayMs = hub.Experiment.DelayMs;

    private int Servers => hub.Experiment.Servers;

    internal void Do(ExperimentAction action)
    {
        if (hub.IsOver) return;
        switch (action.Kind)
        {
            case ActionKind.FailLeader or ActionKind.FailFollower: Fail(action); break;
            case ActionKind.Restart: Restart(action); break;
            case ActionKind.Pause: Pause(action); break;
            case ActionKind.PowerCut: CutPower(action); break;
            case ActionKind.Heal: Heal(action); break;
            case ActionKind.Drop: Degrade(action, action.Amount, _delayMs); break;
            case ActionKind.Delay: Degrade(action, _loss, action.Amount); break;
            default: Partition(action); break;
        }
    }

    private void Fail(ExperimentAction action)
    {
        var isLeader = action.Kind == ActionKind.FailLeader;
        if (action.Mode == FailureMode.Pause)
        {
            Pause(action);
            return;
        }

        if (action.Server is null && isLeader && hub.Leader is null)
        {
            Skip(action, "no leader is known");
            return;
        }

        if (!isLeader && LiveServers().Count <= 1)
        {
            Skip(action, "only one server is left");
            return;
        }

        if ((action.Server ?? (isLeader ? hub.Leader : AnyFollower())) is not { } server || !hub.IsLive(server))
        {
            Skip(action, "there is no such server");
            return;
        }

        var mark = Mark(server, action.Mode == FailureMode.Stop ? "stopped" : "failed");
        hub.Record.Counters.Failed++;
        hub.OnEnded(server);
        cluster.Fail(server, action.Mode);
        After(action.Duration, () => Start(server, mark));
    }

    private void Restart(ExperimentAction action)
    {
        var down = Enumerable.Range(0, Servers).Where(server => !hub.IsLive(server) && server == (action.Server ?? server)).ToList();
        if (down.Count == 0) Skip(action, "every server runs");
        foreach (var server in down)
        {
            Start(server, hub.Record.Faults.FindLast(fault => fault.Server == server && fault.Until is null));
            Mark(server, "started again", isRemedy: true);
        }
    }

    private void Pause(ExperimentAction action)
    {
        var wanted = action.Server ?? (action.Kind == ActionKind.FailFollower ? AnyFollower() : hub.Leader);
        if (wanted is not { } server || !hub.IsLive(server))
        {
            Skip(action, "no such server is known");
            return;
        }

        var mark = Mark(server, "paused");
        var ticks = MetricsHub.Ticks(action.Duration ?? 2);
        hub.OnRole(server, ServerRole.Paused, 0);
        hub.Lose(server);
        cluster.Pause(server, ticks);
        cluster.At(cluster.Now + ticks, () =>
        {
            mark.Until = cluster.Now;
            if (hub.IsLive(server)) hub.OnRole(server, ServerRole.Follower, 0);
        });
    }

    private void CutPower(ExperimentAction action)
    {
        var marks = new List<(int Server, FaultMark Mark)>();
        foreach (var server in LiveServers())
        {
            marks.Add((server, Mark(server, "lost its power")));
            hub.Record.Counters.Failed++;
            hub.OnEnded(server);
        }

        cluster.CutPower();
        After(action.Duration ?? 0.5, () =>
        {
            foreach (var (server, mark) in marks) Start(server, mark);
        });
    }

    private void Partition(ExperimentAction action)
    {
        if (Servers < 2)
        {
            Skip(action, "one server cannot be parted");
            return;
        }

        var side = SideOf(action);
        foreach (var one in side)
            for (var other = 0; other < Servers; other++)
                if (!side.Contains(other)) cluster.Cut(one, other);
        var names = string.Join(" ", side.Order().Select(MetricsHub.NameOf));
        var mark = new FaultMark { At = cluster.Now, What = $"{names} | the others", Server = side.Count == 1 ? side.First() : null };
        hub.Record.Faults.Add(mark);
        _partitions.Add(mark);
        After(action.Duration, EndPartitions);
    }

    /// <summary>The side with the majority, or whoever is alone.</summary>
    private HashSet<int> SideOf(ExperimentAction action)
    {
        var leader = hub.Leader ?? dice.Below(Servers);
        if (action.Kind == ActionKind.Isolate) return [action.Server ?? leader];
        var others = Enumerable.Range(0, Servers).Where(server => server != leader).ToList();
        for (var i = others.Count - 1; i > 0; i--)
        {
            var j = dice.Below(i + 1);
            (others[i], others[j]) = (others[j], others[i]);
        }

        var majority = Servers / 2 + 1;
        return action.Kind == ActionKind.PartitionEasy ? [leader, .. others.Take(majority - 1)] : [.. others.Take(majority)];
    }

    private void Degrade(ExperimentAction action, double loss, double delayMs)
    {
        (_loss, _delayMs) = (loss, delayMs);
        cluster.Degrade(loss, delayMs);
        var what = action.Kind == ActionKind.Drop
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * loss:0.#} % of the messages get lost")
            : string.Create(CultureInfo.InvariantCulture, $"messages take {delayMs:0.###} ms");
        var mark = new FaultMark { At = cluster.Now, What = what };
        hub.Record.Faults.Add(mark);
        _degradations.Add(mark);
        After(action.Duration, () =>
        {
            if (action.Kind == ActionKind.Drop) _loss = hub.Experiment.Loss;
            else _delayMs = hub.Experiment.DelayMs;
            cluster.Degrade(_loss, _delayMs);
            mark.Until ??= cluster.Now;
            _degradations.Remove(mark);
        });
    }

    private void Heal(ExperimentAction action)
    {
        if (_partitions.Count + _degradations.Count == 0)
        {
            Skip(action, "nothing is broken in the network");
            return;
        }

        hub.Record.Faults.Add(new FaultMark { At = cluster.Now, What = "network healed", IsRemedy = true });
        (_loss, _delayMs) = (hub.Experiment.Loss, hub.Experiment.DelayMs);
        cluster.Degrade(_loss, _delayMs);
        foreach (var mark in _degradations) mark.Until ??= cluster.Now;
        _degradations.Clear();
        EndPartitions();
    }

    private void EndPartitions()
    {
        cluster.Heal();
        foreach (var mark in _partitions) mark.Until ??= cluster.Now;
        _partitions.Clear();
    }

    private void Start(int server, FaultMark? mark)
    {
        if (hub.IsOver || hub.IsLive(server)) return;
        if (mark is not null) mark.Until = cluster.Now;
        hub.OnStarted(server);
        cluster.Start(server);
    }

    private void After(double? seconds, Action what)
    {
        if (seconds is not { } given) return;
        cluster.At(cluster.Now + MetricsHub.Ticks(given), () =>
        {
            if (!hub.IsOver) what();
        });
    }

    private FaultMark Mark(int server, string what, bool isRemedy = false)
    {
        var mark = new FaultMark { At = cluster.Now, Server = server, What = $"{MetricsHub.NameOf(server)} {what}", IsRemedy = isRemedy };
        hub.Record.Faults.Add(mark);
        return mark;
    }

    private void Skip(ExperimentAction action, string why) =>
        hub.Record.Faults.Add(new FaultMark { At = cluster.Now, What = action.Category, Skipped = why });

    private List<int> LiveServers() => [.. Enumerable.Range(0, Servers).Where(hub.IsLive)];

    private int? AnyFollower()
    {
        var followers = LiveServers().Where(server => server != hub.Leader).ToList();
        return followers.Count == 0 ? null : followers[dice.Below(followers.Count)];
    }
}

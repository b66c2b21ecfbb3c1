using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;

namespace Balsa.Simulation.Scenarios.Cluster;

/// <summary>
/// A few nodes in one thread, where nothing happens by chance: the same commands give the same events, byte for byte.
/// </summary>
internal sealed class ScenarioCluster<TProbe> where TProbe : struct, IProbe
{
    private const int StepsMax = 20_000;
    private readonly SortedDictionary<int, ScenarioNode<TProbe>> _nodes = [];
    private readonly SortedDictionary<ulong, EntryId> _witnessed = [];
    private readonly List<string> _payloads = [""];
    private readonly List<string> _requests = [""];
    private readonly HashSet<ulong> _batched = [], _answered = [];
    private readonly Func<TProbe> _newProbe;
    private Configuration _founding = Configuration.Empty;

    internal ScenarioCluster(Func<TProbe> newProbe)
    {
        _newProbe = newProbe;
        Narrator = new Narrator();
        Network = new ScenarioNetwork(Narrator);
    }

    internal Narrator Narrator { get; }

    internal ScenarioNetwork Network { get; }

    internal SnapshotTransfers Transfers { get; } = new();

    internal IEnumerable<ScenarioNode<TProbe>> Nodes => _nodes.Values;

    internal long Now { get; private set; }

    /// <summary>For every node that is started from now on; identity, boot and seed are filled in.</summary>
    internal RaftOptions Options { get; set; } = new()
    {
        Self = new MemberId(1), Incarnation = new Incarnation(1), Boot = new Boot(1), Seed = 1,
    };

    internal TProbe NewProbe() => _newProbe();

    internal ScenarioNode<TProbe> this[int id] =>
        _nodes.TryGetValue(id, out var node) ? node : throw new ScenarioException($"there is no node {id}.");

    /// <summary>Founds a cluster in place of the one before, if any. Its
    /// nodes have been silent for an election time-out, so that elections may begin.</summary>
    internal void Found(Configuration founding, bool start)
    {
        _founding = founding;
        _nodes.Clear();
        _witnessed.Clear();
        Network.Reset();
        Transfers.Reset();
        foreach (var member in founding.Members)
        {
            var node = _nodes[(int)member.Id.Value] = new ScenarioNode<TProbe>((int)member.Id.Value, this);
            node.Disk.WriteThrough(log => log.Found(founding));
            if (start) Start(node.Id);
        }
        PassSilently(Options.ElectionTimeout.Ticks);
    }

    internal void Start(int id, RecoveryMode mode = RecoveryMode.Intact)
    {
        if (!_nodes.TryGetValue(id, out var node)) node = _nodes[id] = new ScenarioNode<TProbe>(id, this);
        if (node.IsRunning) throw new ScenarioException($"node {id} is running already.");
        node.Start(Options, mode);
    }

    /// <summary>Time goes by without anybody acting on it, as if every machine had been asleep.</summary>
    internal void PassSilently(long ticks)
    {
        Now += ticks;
        foreach (var node in Listening()) node.Core.SetClock(Now);
    }

    /// <summary>Time goes by and whatever falls due is done when it falls due.</summary>
    internal void Pass(long ticks)
    {
        var end = Now + ticks;
        while (Now < end)
        {
            var next = Listening().Select(n => n.Core.NextDeadline).DefaultIfEmpty(end).Min();
            Now = Math.Min(end, Math.Max(next, Now + 1));
            foreach (var node in Listening()) node.Input(core => core.AdvanceTo(Now));
            Settle();
        }
    }

    /// <summary>After a pause: the messages that waited first, and only then the clock.</summary>
    internal void Resume(ScenarioNode<TProbe> node)
    {
        node.IsPaused = false;
        node.Core.SetClock(Now);
        Settle();
        if (node.IsRunning) node.Input(core => core.AdvanceTo(Now));
    }

    /// <summary>Works and delivers until nothing is left that is not held back.</summary>
    internal void Settle()
    {
        for (var step = 0; step < StepsMax; step++)
        {
            var worked = false;
            foreach (var node in _nodes.Values)
                while (!node.IsPaused && node.Work()) worked = true;
            if (Network.TryTakeFree(Listens, out var letter)) Deliver(letter);
            else if (!Transfers.AreHeld && Transfers.Running.Count > 0) Arrive(Transfers.Running[0]);
            else if (!worked) return;
        }
        Narrator.Tell("the cluster does not come to rest");
    }

    /// <summary>A snapshot arrived whole: the receiver is told first, and then the sender, unless its report is late.</summary>
    internal void Arrive(SnapshotTransfers.Transfer transfer, bool reported = true)
    {
        if (reported) Transfers.End(transfer.From, transfer.To);
        if (this[transfer.To] is { IsRunning: true } receiver)
        {
            receiver.Arrived[transfer.Image.Id] = transfer.Image;
            receiver.Input(core =>
            {
                var refused = core.OnSnapshotArrived(transfer.Image.Id, transfer.Image.Configuration);
                if (refused != Rejection.None) Narrator.Tell(receiver.Id, $"did not use snapshot {transfer.Image.Id}: {refused}");
            });
        }
        if (reported && this[transfer.From] is { IsRunning: true } sender)
            sender.Input(core => core.OnSnapshotTransfer(new MemberId((ulong)transfer.To), transfer.Session, ended: true));
    }

    internal void Deliver(Letter letter)
    {
        if (_nodes.TryGetValue(letter.To, out var node) && node.IsRunning) node.Deliver(letter);
        else Narrator.TellLoss($"lost: {Wording.Of(letter)}");
    }

    internal Correlation NewRequest(string words, bool ofBatch = false)
    {
        _requests.Add(words);
        if (ofBatch) _batched.Add((ulong)_requests.Count - 1);
        return new Correlation((ulong)_requests.Count - 1);
    }

    internal bool IsBatch(Correlation correlation) => _batched.Contains(correlation.Value);

    /// <summary>The words of a request that is answered now. A second answer to the same request is a mistake worth a line.</summary>
    internal string TakeRequest(Correlation correlation)
    {
        if (!_answered.Add(correlation.Value)) Narrator.Tell($"answered twice: {_requests[(int)correlation.Value]}");
        return _requests[(int)correlation.Value];
    }

    internal IEnumerable<string> Unanswered() =>
        _requests.Where((words, i) => i > 0 && !_answered.Contains((ulong)i));

    internal PayloadHandle NewPayload(string text)
    {
        _payloads.Add(text);
        return new PayloadHandle((ulong)_payloads.Count - 1);
    }

    internal string PayloadOf(EntryRef entry) => _payloads[(int)entry.Payload.Value];

    internal string Words(IReadOnlyList<StoredEntry> entries) =>
        entries.Count > 4 ? $"{entries[0].Entry.Id} to {entries[^1].Entry.Id}" : string.Join(", ", entries.Select(Words));

    internal string Words(StoredEntry stored) => stored.Entry.Kind switch
    {
        EntryKind.Noop => $"{stored.Entry.Id} (empty)",
        EntryKind.Data => $"{stored.Entry.Id} \"{PayloadOf(stored.Entry)}\"",
        _ => $"{stored.Entry.Id} (configuration)",
    };

    /// <summary>Sees every commit of every node and trusts none: two entries committed at one index are a disaster.</summary>
    internal void Witness(int node, EntryId entry)
    {
        if (_witnessed.TryAdd(entry.Index.Value, entry) || _witnessed[entry.Index.Value] == entry) return;
        Narrator.Tell($"DISASTER: {node} committed {entry} where {_witnessed[entry.Index.Value]} was committed before");
    }

    internal Configuration Founding => _founding;

    private bool Listens(int id) => !_nodes.TryGetValue(id, out var node) || !node.IsPaused;

    private IEnumerable<ScenarioNode<TProbe>> Listening() => _nodes.Values.Where(n => n is { IsRunning: true, IsPaused: false });
}

using System.Text;
using Balsa.Adapters.Lan;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Reads;
using Balsa.Replica;
using Balsa.Replica.Inputs;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Metrics.Virtual;

/// <summary>One life of a simulated server: its desk, and what the desk waits for. The judges of the world see every request.</summary>
internal sealed class VirtualServer : ILanNode
{
    private readonly VirtualCluster _cluster;
    private readonly FullRun _world;
    private readonly FullNode _node;
    private readonly LanDesk _desk;
    private readonly CommandCodec _codec = new();
    private readonly ByteWriter _found = new();
    private List<(Attempt Attempt, Action<LanResult> Answered)> _waiting = [];

    internal VirtualServer(VirtualCluster cluster, FullRun world, FullNode node)
    {
        (_cluster, _world, _node, Life) = (cluster, world, node, node.Life);
        _desk = new LanDesk(MetricsHub.NameOf(node.Slot), this, message => cluster.Reply(node.Slot, message), new LanDeskOptions());
    }

    internal ulong Life { get; }

    public string? Leader =>
        _node.Machine is { } machine && !machine.Leader.IsNone ? MetricsHub.NameOf((int)machine.Leader.Value - 1) : null;

    public ulong Term => _node.Machine?.Term.Value ?? 0;

    internal void OnRequest(LanMessage message)
    {
        _desk.OnRequest(message, _world.Now);
        if (_desk.NextDeadline < long.MaxValue) _cluster.At(Math.Max(_desk.NextDeadline, _world.Now), OnTime);
    }

    public void Put(string key, string value, Action<LanResult> answered)
    {
        var number = _world.Calls.NextNumber;
        var put = new PutCommand { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) };
        var call = new Call(number, 0, CallKind.Command)
        {
            Command = CommandKind.Put, Entry = _codec.Put(put, new EntryEnvelope { User = number }),
        };
        Ask(call, waiting => new ProposeCommand([.. call.Entry], waiting), answered);
    }

    public void Get(string key, Action<LanResult> answered)
    {
        var call = new Call(_world.Calls.NextNumber, 0, CallKind.QuorumRead) { Query = new PlainRange(Encoding.UTF8.GetBytes(key), []) };
        Ask(call, waiting => new RunQuery(default, ReadMode.Quorum, waiting), answered);
    }

    /// <summary>Hands out the answers that the turn has brought, and lets those look again who wait for a leader.</summary>
    internal void AfterTurn()
    {
        if (_waiting.Exists(waiting => waiting.Attempt.Waiting.Task.IsCompleted))
        {
            var all = _waiting;
            _waiting = [];
            foreach (var waiting in all)
            {
                if (waiting.Attempt.Waiting.Task.IsCompletedSuccessfully) OnAnswered(waiting.Attempt, waiting.Answered);
                else _waiting.Add(waiting);
            }
        }

        if (_desk.Held > 0) _desk.OnTime(_world.Now);
    }

    private void OnTime()
    {
        if (_node.Life == Life && _node.IsServing) _desk.OnTime(_world.Now);
    }

    private void Ask(Call call, Func<TaskCompletionSource<ReplicaAnswer>, ReplicaInput> input, Action<LanResult> answered)
    {
        _world.Calls.Add(call);
        (call.BegunAt, call.Needs, call.Attempts) = (_world.Now, _world.Judges.Calls.Answered, 1);
        var attempt = new Attempt(call, _node.Slot) { Life = Life };
        if (_world.Pumps.Post(_node, input(attempt.Waiting)))
        {
            _waiting.Add((attempt, answered));
            return;
        }

        NotDone(call);
        answered(new LanResult(LanVerdict.Refused));
    }

    private void OnAnswered(Attempt attempt, Action<LanResult> answered)
    {
        var (call, told) = (attempt.Call, attempt.Waiting.Task.Result);
        _world.Trace.Take(call.Number, ((ulong)told.Outcome.Verdict << 8) + (ulong)told.Outcome.Reason);
        if (told.Outcome.Verdict == Verdict.NotDone) NotDone(call);
        answered(told.Outcome.Verdict switch
        {
            Verdict.Done => call.Kind == CallKind.Command ? Written(call, told) : Read(call),
            Verdict.NotDone => new LanResult(IsForLater(told.Outcome.Reason) ? LanVerdict.NotLeader : LanVerdict.Refused),
            _ => new LanResult(LanVerdict.Unknown),
        });
    }

    /// <summary>Nothing happened, and it may be asked for again at once.</summary>
    private static bool IsForLater(Reason reason) =>
        reason is Reason.NotLeader or Reason.NoLeader or Reason.LeadershipLost or Reason.LeaderNotReady or Reason.TransferInProgress;

    private LanResult Written(Call call, in ReplicaAnswer told)
    {
        var result = told.Result as byte[];
        _world.Judges.Calls.OnDone(_node, call, told.Entry, result);
        return new LanResult(result is [(byte)StoreError.None, ..] ? LanVerdict.Done : LanVerdict.Refused);
    }

    private LanResult Read(Call call)
    {
        _world.Judges.Calls.OnRead(_node, call);
        _found.Clear();
        using var reader = _node.Process!.Views.Enter();
        reader.View.Range(call.Query!.Query, _found);
        return Answer.ReadRange(_found.Written).Values is [var only]
            ? new LanResult(LanVerdict.Done, Encoding.UTF8.GetString(only.Value)) : new LanResult(LanVerdict.NoSuchKey);
    }

    private void NotDone(Call call)
    {
        call.NotDone++;
        _world.Judges.Calls.OnNotDone(call);
    }
}

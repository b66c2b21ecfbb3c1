using System.Text;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;
using Balsa.Node.Stores;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Replica;
using Balsa.Replica.Hosting;

namespace Balsa.Adapters.Lan;

/// <summary>A running member as the desk asks it. Answers come back through the desk's own thread.</summary>
/// <param name="post">Carries something out on the thread of the desk.</param>
internal sealed class LanMember(ReplicaPump<NoProbe> pump, ViewGate views, IReadOnlyList<string> servers, Action<Action> post) : ILanNode
{
    private readonly CommandCodec _codec = new();
    private volatile string? _leader;
    private ulong _term;

    public string? Leader => _leader;

    public ulong Term => Volatile.Read(ref _term);

    public void Put(string key, string value, Action<LanResult> answered)
    {
        var put = new PutCommand { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) };
        _ = TellAsync(pump.ProposeAsync(_codec.Put(put)), answered, told =>
        {
            var isDone = told.Result is byte[] bytes && Answer.Read(CommandKind.Put, bytes).Error == StoreError.None;
            return new LanResult(isDone ? LanVerdict.Done : LanVerdict.Refused);
        });
    }

    public void Get(string key, Action<LanResult> answered) =>
        _ = TellAsync(pump.QueryAsync(default, ReadMode.Quorum), answered, _ => Find(key));

    /// <summary>Who leads, as the member says now.</summary>
    internal async Task LookAsync()
    {
        if (await pump.StatusAsync() is not { } status) return;
        Volatile.Write(ref _term, status.HardState.Term.Value);
        _leader = NameOf(status.Leader);
    }

    private string? NameOf(MemberId member) =>
        member.IsNone || member.Value > (ulong)servers.Count ? null : servers[(int)member.Value - 1];

    private async Task TellAsync(Task<ReplicaAnswer> asked, Action<LanResult> answered, Func<ReplicaAnswer, LanResult> done)
    {
        var told = await asked;
        if (told.Outcome.Verdict == Verdict.NotDone) _leader = NameOf(told.Leader);
        var result = told.Outcome.Verdict switch
        {
            Verdict.Done => done(told),
            Verdict.NotDone => new LanResult(
                IsForLater(told.Outcome.Reason) ? LanVerdict.NotLeader : LanVerdict.Refused),
            _ => new LanResult(LanVerdict.Unknown),
        };
        post(() => answered(result));
    }

    /// <summary>Nothing happened, and it may be asked for again at once.</summary>
    private static bool IsForLater(Reason reason) =>
        reason is Reason.NotLeader or Reason.NoLeader or Reason.LeadershipLost or Reason.LeaderNotReady or Reason.TransferInProgress;

    private LanResult Find(string key)
    {
        var found = new ByteWriter();
        using var reader = views.Enter();
        reader.View.Range(new RangeQuery { Key = Encoding.UTF8.GetBytes(key) }, found);
        return Answer.ReadRange(found.Written).Values is [var only]
            ? new LanResult(LanVerdict.Done, Encoding.UTF8.GetString(only.Value)) : new LanResult(LanVerdict.NoSuchKey);
    }
}

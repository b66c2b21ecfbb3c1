using Balsa.Grpc;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.Node.Stores;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Reads;
using Balsa.Replica;

namespace Balsa.Server.Access;

/// <summary>
/// The replica as handlers of requests use it: an answer comes back, or an exception that says in etcd's words why not.
/// </summary>
internal sealed class ReplicaAccess(NodeParts parts)
{
    private static readonly StoreOptions Rules = new();

    internal NodeParts Parts => parts;

    /// <summary>Proposes a command and waits until it was applied.</summary>
    /// <param name="entry">With its envelope.</param>
    /// <param name="over">Nobody waits any more. What was proposed may still happen.</param>
    internal async Task<Answer> WriteAsync(CommandKind kind, byte[] entry, CancellationToken over)
    {
        StoreProblems.ThrowIfAny(CommandRules.Check(kind, entry.AsSpan(EntryEnvelope.Bytes), Rules));
        if (!parts.Quota.Allows(kind, entry)) throw StoreProblems.Of(StoreError.NoSpace);
        if (entry.Length > parts.EntryBytesMax) throw StoreProblems.Of(StoreError.RequestTooLarge);
        var done = await WaitAsync(parts.Pump.ProposeAsync(entry, parts.RequestMax), over);
        if (done.Outcome.Verdict != Verdict.Done) throw ReplicaProblems.OfWrite(done);
        var answer = Answer.Read(kind, (byte[])done.Result!);
        StoreProblems.ThrowIfAny(answer.Error);
        return answer;
    }

    /// <summary>After it the views show at least what was acknowledged to anybody when this was called.</summary>
    /// <param name="mode">How sure that has to be.</param>
    internal async Task CatchUpAsync(ReadMode mode, CancellationToken over)
    {
        var done = await WaitAsync(parts.Pump.QueryAsync(default, mode, parts.RequestMax), over);
        if (done.Outcome.Verdict != Verdict.Done) throw ReplicaProblems.OfRead(done);
    }

    /// <summary>The newest view, from the thread that asks; to be given back soon.</summary>
    internal ViewGate.Reader Enter() => parts.Views.Enter();

    internal long Revision
    {
        get
        {
            using var reader = Enter();
            return reader.View.Revision;
        }
    }

    internal async Task<ReplicaStatus> StatusAsync(CancellationToken over)
    {
        try
        {
            return await parts.Pump.StatusAsync().WaitAsync(parts.RequestMax, over) ?? throw ReplicaProblems.Busy;
        }
        catch (TimeoutException)
        {
            throw ReplicaProblems.TimedOut;
        }
    }

    internal async Task MoveLeadershipAsync(MemberId target, CancellationToken over)
    {
        var done = await WaitAsync(parts.Pump.MoveLeadershipAsync(target), over);
        if (done.Outcome.Verdict != Verdict.Done) throw ReplicaProblems.OfMove(done);
    }

    private async Task<ReplicaAnswer> WaitAsync(Task<ReplicaAnswer> asked, CancellationToken over)
    {
        try
        {
            return await asked.WaitAsync(parts.RequestMax, over);
        }
        catch (TimeoutException)
        {
            throw ReplicaProblems.TimedOut;
        }
    }
}

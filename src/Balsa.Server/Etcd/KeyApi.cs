using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Transactions;
using Balsa.KeyValue.Wire;
using Balsa.Protocol.Etcd;
using Balsa.Raft.Log;
using Balsa.Server.Access;

namespace Balsa.Server.Etcd;

/// <summary>etcd's KV service: what is read comes from a view on the caller's own thread, what changes goes through the log.</summary>
internal sealed class KeyApi(ReplicaAccess replica, Headers headers)
{
    /// <summary>Room to work in, one for each thread: reads come often and from many.</summary>
    [ThreadStatic]
    private static ByteWriter? _buffer;

    [ThreadStatic]
    private static List<ulong>? _room;

    internal async Task<RangeResponse> RangeAsync(RangeRequest request, ServerCall call)
    {
        if (request.Key.IsEmpty) throw StoreProblems.Of(StoreError.KeyNotProvided);
        await replica.CatchUpAsync(ReadHeaders.ModeOf(call, request.Serializable), call.Over);
        var answer = Look((view, into) => view.Range(Requests.QueryOf(request), into, _room ??= []), Answer.ReadRange);
        return Responses.RangeOf(answer, headers.At(answer.Revision));
    }

    internal async Task<PutResponse> PutAsync(PutRequest request, ServerCall call)
    {
        var entry = new CommandCodec().Put(Requests.PutOf(request), SessionHeaders.Of(call));
        var answer = await replica.WriteAsync(CommandKind.Put, entry, call.Over);
        return Responses.PutOf(answer, headers.At(answer.Revision));
    }

    internal async Task<DeleteRangeResponse> DeleteAsync(DeleteRangeRequest request, ServerCall call)
    {
        var entry = new CommandCodec().Delete(Requests.DeleteOf(request), SessionHeaders.Of(call));
        var answer = await replica.WriteAsync(CommandKind.Delete, entry, call.Over);
        return Responses.DeleteOf(answer, headers.At(answer.Revision));
    }

    /// <summary>One that only reads never goes through the log.</summary>
    internal async Task<TxnResponse> TxnAsync(TxnRequest request, ServerCall call)
    {
        var entry = new CommandCodec().Txn(Requests.TxnOf(request), SessionHeaders.Of(call));
        if (TxnEffects.Of(entry.AsSpan(EntryEnvelope.Bytes)).Writes)
        {
            var written = await replica.WriteAsync(CommandKind.Txn, entry, call.Over);
            return Responses.TxnOf(written, headers.At(written.Revision));
        }

        await replica.CatchUpAsync(ReadHeaders.ModeOf(call, Requests.IsSerializable(request)), call.Over);
        var answer = Look(
            (view, into) => view.Txn(entry.AsSpan(EntryEnvelope.Bytes), into), bytes => Answer.Read(CommandKind.Txn, bytes));
        return Responses.TxnOf(answer, headers.At(answer.Revision));
    }

    /// <summary>
    /// What is forgotten cannot be asked for any more when the answer comes. Its memory is freed a little later in either
    /// case, so "physical" changes nothing that a client could see.
    /// </summary>
    internal async Task<CompactionResponse> CompactAsync(CompactionRequest request, ServerCall call)
    {
        var entry = new CommandCodec().Compact(new CompactCommand(request.Revision), SessionHeaders.Of(call));
        var answer = await replica.WriteAsync(CommandKind.Compact, entry, call.Over);
        return new CompactionResponse { Header = headers.At(answer.Revision) };
    }

    private delegate Answer AnswerReader(ReadOnlySpan<byte> bytes);

    private Answer Look(Action<StoreView, ByteWriter> ask, AnswerReader read)
    {
        var buffer = _buffer ??= new ByteWriter();
        buffer.Clear();
        using (var reader = replica.Enter()) ask(reader.View, buffer);
        var answer = read(buffer.Written);
        StoreProblems.ThrowIfAny(answer.Error);
        return answer;
    }
}

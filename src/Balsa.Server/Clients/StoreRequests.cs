using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;
using Balsa.Server.Protocol;

namespace Balsa.Server.Clients;

/// <summary>From a client's request to the bytes of an entry, and from the store's answer to the client's.</summary>
internal static class StoreRequests
{
    internal static byte[] EntryOf(ClientRequest request)
    {
        var codec = new CommandCodec();
        var envelope = new EntryEnvelope { Session = request.Session, Request = request.Request };
        return request.Op switch
        {
            ClientOperation.Put when request.IfRevision is { } revision => codec.Txn(GuardedPut(request, revision), envelope),
            ClientOperation.Put => codec.Put(PutOf(request), envelope),
            ClientOperation.Delete => codec.Delete(new DeleteCommand { Key = FirstOf(request), End = EndOf(request) }, envelope),
            ClientOperation.OpenSession => codec.SessionOpen(new SessionOpenCommand(request.SessionSeconds)),
            ClientOperation.CloseSession => codec.SessionClose(envelope),
            _ => codec.Compact(new CompactCommand(request.Revision), envelope),
        };
    }

    internal static CommandKind KindOf(ClientRequest request) => request.Op switch
    {
        ClientOperation.Put => request.IfRevision is null ? CommandKind.Put : CommandKind.Txn,
        ClientOperation.Delete => CommandKind.Delete,
        ClientOperation.OpenSession => CommandKind.SessionOpen,
        ClientOperation.CloseSession => CommandKind.SessionClose,
        _ => CommandKind.Compact,
    };

    internal static RangeQuery QueryOf(ClientRequest request, byte[] first, int limit) => new()
    {
        Key = first, End = EndOf(request), Limit = limit, Revision = request.Revision,
    };

    internal static ClientResponse ResponseOf(ClientRequest request, Answer answer)
    {
        if (request.Op == ClientOperation.OpenSession) return new ClientResponse { Outcome = ClientOutcome.Done, Session = (ulong)answer.Id };
        if (request is not { Op: ClientOperation.Put, IfRevision: not null }) return Changed(request, answer, answer);
        return answer.Succeeded ? Changed(request, answer, answer.Responses[0]) : Guarded(request, answer);
    }

    /// <param name="compacted">Older revisions cannot be read.</param>
    internal static ClientResponse Refused(Answer answer, long compacted) => new()
    {
        Outcome = answer.Error is StoreError.RequestTooOld or StoreError.AnswerNotKept ? ClientOutcome.Unknown : ClientOutcome.NotDone,
        Message = StoreErrors.Explain(answer.Error).Message, Revision = answer.Revision,
        Oldest = Math.Max(1, compacted),
        Code = answer.Error switch
        {
            StoreError.KeyNotFound => ClientError.NoSuchKey,
            StoreError.Compacted => ClientError.Compacted,
            StoreError.FutureRevision => ClientError.FutureRevision,
            StoreError.KeyNotProvided => ClientError.Malformed,
            StoreError.SessionUnknown => ClientError.SessionUnknown,
            StoreError.SessionLimit => ClientError.SessionLimit,
            StoreError.RequestTooOld or StoreError.AnswerNotKept => ClientError.AnswerLost,
            _ => ClientError.Store,
        },
    };

    private static ClientResponse Changed(ClientRequest request, Answer answer, Answer operation) => new()
    {
        Outcome = ClientOutcome.Done, Revision = answer.Revision, Existed = operation.Values.Count > 0 || operation.Count > 0,
        Count = operation.Count,
        Values = request.WithValues ? [.. operation.Values.Select(value => ValueOf(value, withValue: true))] : null,
    };

    /// <summary>The condition did not hold: the client is shown what is there.</summary>
    private static ClientResponse Guarded(ClientRequest request, Answer answer)
    {
        var found = answer.Responses[0].Values is [var value] ? value : null;
        return new ClientResponse
        {
            Outcome = ClientOutcome.NotDone, Revision = answer.Revision, Existed = found is not null,
            Code = request.IfRevision == 0 ? ClientError.KeyExists : found is null ? ClientError.NoSuchKey : ClientError.KeyChanged,
            Message = request.IfRevision == 0 ? "the key is there already"
                : found is null ? "the key is not there" : $"the key was last changed at revision {found.Modified}",
            Values = found is null ? null : [ValueOf(found, withValue: true)],
        };
    }

    internal static ClientValue ValueOf(KeyValue.Answers.KeyValue value, bool withValue) =>
        new(value.Key, withValue ? value.Value : null, value.Value.Length, value.Created, value.Modified, value.Version);

    private static PutCommand PutOf(ClientRequest request) => new()
    {
        Key = request.Key, Value = request.Value,
        Options = PutOptions.ReturnPrevious | (request.MustExist ? PutOptions.MustExist : PutOptions.None),
    };

    private static TxnBuilder GuardedPut(ClientRequest request, long revision) => new TxnBuilder()
        .If(new CompareClause { Key = request.Key, Target = CompareTarget.Modified, Number = revision })
        .Then(PutOf(request))
        .Else(new RangeQuery { Key = request.Key });

    /// <summary>The first key that begins with the prefix; the empty prefix begins them all.</summary>
    internal static byte[] FirstOf(ClientRequest request) => request.IsPrefix && request.Key.Length == 0 ? [0] : request.Key;

    /// <summary>The smallest bytes above all that begin with the prefix; a zero byte when there are none.</summary>
    private static byte[] EndOf(ClientRequest request)
    {
        if (!request.IsPrefix) return [];
        var last = request.Key.AsSpan().LastIndexOfAnyExcept((byte)0xff);
        if (last < 0) return [0];
        var end = request.Key[..(last + 1)];
        end[last]++;
        return end;
    }
}

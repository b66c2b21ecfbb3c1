using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Balsa.Adapters.Nodes;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Adapters.Raftkv.Servers;

/// <summary>
/// A session of the store for each client id that is seen. Which session belongs to which client stands in the store itself, so
/// all servers use the same one and a request that is sent again to another server still happens once.
/// </summary>
internal sealed class ClientSessions(IDialectNode node)
{
    /// <summary>A client that says nothing for so long is forgotten, and its requests with it.</summary>
    private const long SecondsKept = 24 * 60 * 60;
    private const string Prefix = StoredLog.ReservedPrefix + "client/";
    private readonly ConcurrentDictionary<long, ulong> _known = new();

    /// <summary>The session of a client, opened when there is none.</summary>
    /// <param name="expired">A session that has ended meanwhile; 0 for none.</param>
    /// <param name="patience">For each of the steps.</param>
    internal async Task<(ulong Session, KvResult? Problem)> FindAsync(long client, ulong expired, TimeSpan patience)
    {
        if (_known.TryGetValue(client, out var known) && known != expired) return (known, null);
        var key = Encoding.UTF8.GetBytes(Prefix + client.ToString(CultureInfo.InvariantCulture));
        var read = await node.ReadAsync(view => Look(view, key), isLocal: false, patience);
        if (!read.IsDone) return (0, new KvResult(KvEnd.NoLeader, KvResult.NoLeaderText, read.Leader));
        if (SessionIn(read.Found) is var found && found != 0 && found != expired) return (Learn(client, found), null);

        // Should the answer be lost, the session ends by itself one day; nobody's request was begun yet.
        var opened = await node.WriteAsync(
            CommandKind.SessionOpen, new CommandCodec().SessionOpen(new SessionOpenCommand(SecondsKept)), WriteRoute.ToTheLeader, patience);
        if (Problem(opened) is { } problem) return (0, problem);
        var session = (ulong)opened.Answer!.Id;
        var told = await node.WriteAsync(
            CommandKind.Txn, Claim(key, session, read.Found?.Modified ?? 0), WriteRoute.ToTheLeader, patience);
        if (Problem(told) is { } unclaimed) return (0, unclaimed);
        if (told.Answer!.Succeeded) return (Learn(client, session), null);

        // Another server was faster: its session counts, and ours is not needed.
        _ = node.WriteAsync(
            CommandKind.SessionClose, new CommandCodec().SessionClose(new EntryEnvelope { Session = session }),
            WriteRoute.ToTheLeader, patience);
        var theirs = told.Answer.Responses is [{ Values: [var value] }] ? SessionIn(value) : 0;
        return theirs != 0
            ? (Learn(client, theirs), null)
            : (0, new KvResult(KvEnd.Busy, "the client's session changes; nothing was done"));
    }

    private ulong Learn(long client, ulong session) => _known[client] = session;

    /// <summary>Nothing of the request was begun, so whatever went wrong here means that it was not done.</summary>
    private static KvResult? Problem(WriteResult told) => told.Verdict switch
    {
        Verdict.Done when told.Answer!.Error == StoreError.None => null,
        Verdict.Done => new KvResult(KvEnd.Busy, StoreErrors.Explain(told.Answer!.Error).Message, told.Leader),
        _ => new KvResult(KvEnd.NoLeader, KvResult.NoLeaderText, told.Leader),
    };

    private static byte[] Claim(byte[] key, ulong session, long modified)
    {
        var value = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(value, session);
        return new CommandCodec().Txn(new TxnBuilder()
            .If(new CompareClause { Key = key, Target = CompareTarget.Modified, Number = modified })
            .Then(new PutCommand { Key = key, Value = value })
            .Else(new RangeQuery { Key = key }));
    }

    private static KeyValue.Answers.KeyValue? Look(StoreView view, byte[] key)
    {
        var buffer = new ByteWriter();
        view.Range(new RangeQuery { Key = key }, buffer);
        return Answer.ReadRange(buffer.Written).Values is [var found] ? found : null;
    }

    private static ulong SessionIn(KeyValue.Answers.KeyValue? found) =>
        found?.Value.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(found.Value) : 0;
}

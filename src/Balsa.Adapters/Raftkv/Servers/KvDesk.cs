using System.Text;
using Balsa.Adapters.Nodes;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Adapters.Raftkv.Servers;

/// <summary>Who asks, and whether the request has a name under which it happens once; 0 for none.</summary>
internal readonly record struct KvCaller(long Client, long Request);

/// <summary>
/// Get, put and replace of the course on the store: any text as key and value, decided when it is applied and not before. Keys are
/// the store's own keys, so every other way in shows the same.
/// </summary>
internal sealed class KvDesk(IDialectNode node, bool forwards)
{
    /// <summary>A session that expires just then is found again; more often than that it is no accident.</summary>
    private const int SessionsTried = 3;
    private readonly ClientSessions _sessions = new(node);

    internal async Task<KvResult> GetAsync(string key, TimeSpan patience)
    {
        if (WhyNot(key) is { } refusal) return refusal;
        var read = await node.ReadAsync(view => Find(view, key), isLocal: false, patience);
        if (read.IsDone) return read.Found is { } value ? new KvResult(KvEnd.Done, value, read.Leader) : KvResult.NotFound(key);
        return read.Why == Reason.Busy
            ? new KvResult(KvEnd.Busy, "too much is under way", read.Leader)
            : new KvResult(KvEnd.NoLeader, KvResult.NoLeaderText, read.Leader);
    }

    internal async Task<KvResult> PutAsync(string key, string value, KvCaller caller, TimeSpan patience) =>
        WhyNot(key) ?? await WriteAsync(key, value, PutOptions.None, caller, patience);

    /// <summary>Only if the key is there at the moment at which it is applied.</summary>
    internal async Task<KvResult> ReplaceAsync(string key, string value, KvCaller caller, TimeSpan patience) =>
        WhyNot(key) ?? await WriteAsync(key, value, PutOptions.MustExist, caller, patience);

    private async Task<KvResult> WriteAsync(string key, string value, PutOptions options, KvCaller caller, TimeSpan patience)
    {
        if (!forwards && await node.ReportAsync() is { Leads: false } report)
            return new KvResult(report.Leader is null ? KvEnd.NoLeader : KvEnd.NotLeader, KvResult.NoLeaderText, report.Leader);
        var expired = 0UL;
        for (var tried = 1; ; tried++)
        {
            var envelope = default(EntryEnvelope);
            if (caller.Request > 0)
            {
                var (session, problem) = await _sessions.FindAsync(caller.Client, expired, patience);
                if (problem is not null) return problem;
                envelope = new EntryEnvelope { Session = session, Request = (ulong)caller.Request };
            }

            var route = forwards ? WriteRoute.ToTheLeader : WriteRoute.OnlyAsLeader;
            var told = await node.WriteAsync(CommandKind.Put, PutOf(key, value, options, envelope), route, patience);
            if (told.Verdict != Verdict.Done) return ProblemOf(told);
            var error = told.Answer!.Error;
            if (error == StoreError.None) return new KvResult(KvEnd.Done, value);
            if (error == StoreError.KeyNotFound) return new KvResult(KvEnd.NotFound, $"Key {key} not found for REPLACE operation");
            if (error != StoreError.SessionUnknown || tried == SessionsTried) return RefusalOf(error);
            expired = envelope.Session;
        }
    }

    private KvResult ProblemOf(WriteResult told)
    {
        if (told.Verdict == Verdict.Unknown) return new KvResult(KvEnd.Unknown, KvResult.UnknownText, told.Leader);
        return told.Why switch
        {
            Reason.TooLarge => KvResult.Refused("key and value are too large"),
            Reason.Busy => new KvResult(KvEnd.Busy, "too much is under way, or there is no room; nothing was done", told.Leader),
            Reason.NotLeader when !forwards && told.Leader is not null => new KvResult(KvEnd.NotLeader, KvResult.NoLeaderText, told.Leader),
            _ => new KvResult(KvEnd.NoLeader, KvResult.NoLeaderText, told.Leader),
        };
    }

    private static KvResult RefusalOf(StoreError error) => error switch
    {
        StoreError.RequestTooOld => KvResult.Refused("the RequestId is older than what is remembered; it was not done again"),
        StoreError.NoSpace or StoreError.SessionLimit => new KvResult(KvEnd.Busy, StoreErrors.Explain(error).Message),
        _ => KvResult.Refused(StoreErrors.Explain(error).Message),
    };

    private static KvResult? WhyNot(string key) =>
        key.Length == 0 ? KvResult.Refused("the key is empty; give it at least one character")
        : key.StartsWith(StoredLog.ReservedPrefix, StringComparison.Ordinal)
            ? KvResult.Refused($"keys that begin with {StoredLog.ReservedPrefix} are not for clients")
            : null;

    private static byte[] PutOf(string key, string value, PutOptions options, EntryEnvelope envelope) => new CommandCodec().Put(
        new PutCommand { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value), Options = options }, envelope);

    /// <summary>An empty value is a value.</summary>
    private static string? Find(StoreView view, string key)
    {
        var buffer = new ByteWriter();
        view.Range(new RangeQuery { Key = Encoding.UTF8.GetBytes(key) }, buffer);
        return Answer.ReadRange(buffer.Written).Values is [var found] ? Encoding.UTF8.GetString(found.Value) : null;
    }
}

using Balsa.KeyValue;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.Raft.Log;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Model;

/// <summary>
/// The store as its rules read: it keeps everything that ever happened and looks through it for each answer. Slow, and
/// small enough to be believed; the real store must give the same answers.
/// </summary>
internal sealed class NaiveStore(StoreOptions options)
{
    private readonly NaiveAlarms _alarms = new();

    internal NaiveHistory History { get; } = new();

    internal NaiveLeases Leases { get; } = new();

    internal NaiveSessions Sessions { get; } = new(options);

    internal IReadOnlyList<RaisedAlarm> Alarms => _alarms.Raised;

    internal long Revision { get; private set; } = 1;

    /// <summary>-1 until the first compaction.</summary>
    internal long Compacted { get; private set; } = -1;

    internal long LogTime { get; private set; }

    internal long Keys => History.Range([0], [0], NaiveHistory.Now).Count;

    internal Answer Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var kind = (CommandKind)envelope.CommandKind;
        var isEarlier = envelope.CommandVersion == 1 && kind is CommandKind.Put or CommandKind.Delete;
        if (!Enum.IsDefined(kind) || !(isEarlier || envelope.CommandVersion == CommandCodec.Version))
            throw new UnknownCommandException($"kind {kind} of version {envelope.CommandVersion}");
        LogTime = Math.Max(LogTime, envelope.LogTime);
        Sessions.Expire(LogTime);
        var body = isEarlier ? EarlierBody.Translate(kind, command) : command.ToArray();
        if (envelope.Session == 0 || kind == CommandKind.SessionOpen) return Run(entry, kind, body, envelope.Session);
        if (Sessions.Begin(envelope.Session, envelope.Request, kind, LogTime, Revision) is { } known) return known;
        var answer = Run(entry, kind, body, envelope.Session);
        // The kind is kept in front of the answer.
        Sessions.Remember(envelope.Session, envelope.Request, kind, answer, 1 + AnswerBytes.Of(kind, answer).Length);
        return answer;
    }

    internal Answer Range(PlainRange query) => Range(query, Revision, Compacted);

    /// <summary>As a reader is answered who looks at the state as it was at a revision, when this much was compacted.</summary>
    internal Answer Range(PlainRange query, long revision, long compacted)
    {
        var error = TxnParser.Shape(query);
        if (error == StoreError.None) error = NaiveRanges.Check(query, revision, compacted, isInTxn: false);
        if (error != StoreError.None) return new Answer { Kind = OperationKind.Range, Error = error, Revision = revision };
        return NaiveRanges.Run(History, query, newest: revision, shown: revision);
    }

    /// <summary>A transaction that only reads, asked in the same way.</summary>
    internal Answer Read(PlainTxn txn, long revision, long compacted)
    {
        var error = TxnParser.Parse(txn.ToBytes(), options.TxnOperationsMax, out var parsed);
        var reader = new NaiveTxns(History, revision, compacted, Leases.Has) { Newest = revision };
        if (error == StoreError.None) error = reader.Check(parsed);
        return error == StoreError.None
            ? reader.Run(parsed, shown: revision)
            : new Answer { Error = error, Revision = revision };
    }

    private Answer Run(EntryId entry, CommandKind kind, byte[]? body, ulong session)
    {
        if (body is null) return Refused(StoreError.Malformed);
        return kind switch
        {
            CommandKind.Put => PutCommand.TryRead(body, out var put) ? Run(PlainPut.Of(put)) : Refused(StoreError.Malformed),
            CommandKind.Delete =>
                DeleteCommand.TryRead(body, out var delete) ? Run(PlainDelete.Of(delete)) : Refused(StoreError.Malformed),
            CommandKind.Txn => Txn(body),
            CommandKind.Compact => CompactCommand.TryRead(body, out var compact) ? Compact(compact) : Refused(StoreError.Malformed),
            CommandKind.LeaseGrant => LeaseGrantCommand.TryRead(body, out var grant) ? Grant(grant) : Refused(StoreError.Malformed),
            CommandKind.LeaseRevoke =>
                LeaseRevokeCommand.TryRead(body, out var revoke) ? Revoke(revoke.Lease) : Refused(StoreError.Malformed),
            CommandKind.LeaseExpire => LeaseExpireCommand.TryRead(body, out var expire)
                ? expire.Term == entry.Term.Value ? Revoke(expire.Lease) : Refused(StoreError.OtherTerm)
                : Refused(StoreError.Malformed),
            CommandKind.LeaseCheckpoint => Checkpoint(entry, body),
            CommandKind.Alarm => AlarmCommand.TryRead(body, out var alarm) ? Alarm(alarm) : Refused(StoreError.Malformed),
            CommandKind.SessionOpen => SessionOpenCommand.TryRead(body, out var open)
                ? Open(entry, open.Seconds)
                : Refused(StoreError.Malformed),
            CommandKind.SessionClose => body.Length == 0 ? Close(session) : Refused(StoreError.Malformed),
            _ => Refused(body.Length == 0 ? StoreError.None : StoreError.Malformed),
        };
    }

    private Answer Run(PlainPut put)
    {
        var error = TxnParser.Shape(put);
        if (error == StoreError.None) error = Alarm(puts: true, writes: true);
        if (error == StoreError.None && put.Lease != 0 && !Leases.Has(put.Lease)) error = StoreError.LeaseNotFound;
        if (error == StoreError.None && put.NeedsKey && History.Find(put.Key, NaiveHistory.Now) is null) error = StoreError.KeyNotFound;
        return error == StoreError.None ? Change(effects => effects.Run(put)) : Refused(error);
    }

    private Answer Run(PlainDelete delete)
    {
        var error = TxnParser.Shape(delete);
        if (error == StoreError.None) error = Alarm(puts: false, writes: true);
        return error == StoreError.None ? Change(effects => effects.Run(delete)) : Refused(error);
    }

    private Answer Txn(byte[] body)
    {
        var error = TxnParser.Parse(body, options.TxnOperationsMax, out var txn);
        if (error == StoreError.None && NaiveDuplicates.IsIn(txn)) error = StoreError.DuplicateKey;
        var operations = AllOf(txn).ToList();
        var puts = operations.Exists(operation => operation is PlainPut);
        if (error == StoreError.None) error = Alarm(puts, writes: puts || operations.Exists(operation => operation is PlainDelete));
        if (error != StoreError.None) return Refused(error);
        var effects = new NaiveTxns(History, Revision, Compacted, Leases.Has);
        error = effects.Check(txn);
        return error == StoreError.None ? Change(effects, () => effects.Run(txn, shown: 0)) : Refused(error);
    }

    /// <summary>What either branch could do, nested ones included.</summary>
    private static IEnumerable<PlainOperation> AllOf(PlainTxn txn) =>
        txn.Success.Concat(txn.Failure).SelectMany(operation => operation is PlainTxn nested ? AllOf(nested) : [operation]);

    private Answer Change(Func<NaiveTxns, Answer> run)
    {
        var effects = new NaiveTxns(History, Revision, Compacted, Leases.Has);
        return Change(effects, () => run(effects));
    }

    /// <summary>Whatever one command changes, it is one revision.</summary>
    private Answer Change(NaiveTxns effects, Func<Answer> run)
    {
        var answer = run();
        if (effects.HasChanged) Revision++;
        return answer with { Revision = Revision };
    }

    private Answer Compact(CompactCommand compact)
    {
        if (_alarms.Has(AlarmType.Corrupt)) return Refused(StoreError.Corrupt);
        if (compact.Revision <= Compacted) return Refused(StoreError.Compacted);
        if (compact.Revision > Revision) return Refused(StoreError.FutureRevision);
        Compacted = compact.Revision;
        return Refused(StoreError.None);
    }

    private Answer Grant(LeaseGrantCommand grant)
    {
        var error = Alarm(puts: true, writes: true);
        if (error == StoreError.None) error = Leases.Grant(grant);
        return error == StoreError.None
            ? Refused(error) with { Id = grant.Lease, Seconds = grant.Seconds }
            : Refused(error);
    }

    private Answer Revoke(long lease)
    {
        if (_alarms.Has(AlarmType.Corrupt)) return Refused(StoreError.Corrupt);
        if (!Leases.Remove(lease)) return Refused(StoreError.LeaseNotFound);
        var keys = History.KeysOf(lease);
        foreach (var version in keys) History.Delete(version.Key, Revision + 1);
        if (keys.Count > 0) Revision++;
        return Refused(StoreError.None);
    }

    private Answer Checkpoint(EntryId entry, byte[] body)
    {
        if (!LeaseCheckpointCommand.TryRead(body, out var checkpoint)) return Refused(StoreError.Malformed);
        if (checkpoint.Term != entry.Term.Value) return Refused(StoreError.OtherTerm);
        var rests = checkpoint.Read();
        while (rests.MoveNext()) Leases.Note(rests.Current);
        return Refused(StoreError.None);
    }

    private Answer Alarm(AlarmCommand alarm) => Refused(_alarms.Run(alarm, out var told)) with { Alarms = told };

    private Answer Open(EntryId entry, long seconds)
    {
        var error = Sessions.TryOpen(entry.Index.Value, LogTime, seconds);
        return Refused(error) with { Id = error == StoreError.None ? (long)entry.Index.Value : 0 };
    }

    private Answer Close(ulong session)
    {
        if (!Sessions.Open.Contains(session)) return Refused(StoreError.SessionUnknown);
        Sessions.Close(session);
        return Refused(StoreError.None);
    }

    private StoreError Alarm(bool puts, bool writes)
    {
        if (writes && _alarms.Has(AlarmType.Corrupt)) return StoreError.Corrupt;
        return puts && _alarms.Has(AlarmType.NoSpace) ? StoreError.NoSpace : StoreError.None;
    }

    /// <summary>An answer without a body.</summary>
    private Answer Refused(StoreError error) => new() { Error = error, Revision = Revision };
}

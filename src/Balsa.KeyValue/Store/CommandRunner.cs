using Balsa.KeyValue.Alarms;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Transactions;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Store;

/// <summary>
/// Runs one command: its shape, alarms, what the state says, and only then its effect. The order of checks is etcd's, because
/// it decides which of two errors a client sees.
/// </summary>
internal sealed class CommandRunner<TProbe>(
    StoreOptions options, Mutations<TProbe> mutations, LeaseTable leases, AlarmTable alarms, SessionTable<TProbe> sessions, TProbe probe)
    where TProbe : struct, IStoreProbe
{
    private readonly TxnRunner<TProbe> _txns = new(mutations, leases, probe);
    private readonly ByteWriter _body = new();

    /// <summary>What no build before this one wrote and this one does not know must not be skipped.</summary>
    internal static CommandKind KindOf(in EntryEnvelope envelope)
    {
        var kind = (CommandKind)envelope.CommandKind;
        if (kind is < CommandKind.Put or > CommandKind.Touch)
            throw new UnknownCommandException($"a command of kind {envelope.CommandKind}");
        if (envelope.CommandVersion == CommandCodec.Version || EarlierCommands.Knows(kind, envelope.CommandVersion)) return kind;
        throw new UnknownCommandException(
            $"a {kind} command of version {envelope.CommandVersion}, and this build knows version {CommandCodec.Version}");
    }

    internal void Run(
        CommandKind kind, EntryId entry, long logTime, in EntryEnvelope envelope, ReadOnlySpan<byte> command, ByteWriter answer)
    {
        if (envelope.CommandVersion != CommandCodec.Version && !EarlierCommands.TryTranslate(kind, ref command))
        {
            AnswerWriter.Head(answer, StoreError.Malformed, mutations.Revision);
            return;
        }

        _body.Clear();
        var error = kind switch
        {
            CommandKind.Put => Put(command),
            CommandKind.Delete => Delete(command),
            CommandKind.Txn => Txn(command),
            CommandKind.Compact => Compact(command),
            CommandKind.LeaseGrant => Grant(command),
            CommandKind.LeaseRevoke => Revoke(command),
            CommandKind.LeaseExpire => Expire(command, entry),
            CommandKind.LeaseCheckpoint => Checkpoint(command, entry),
            CommandKind.Alarm => Alarm(command),
            CommandKind.SessionOpen => Open(command, entry, logTime),
            CommandKind.SessionClose => Close(command, envelope.Session),
            _ => command.IsEmpty ? StoreError.None : StoreError.Malformed,
        };
        mutations.End();
        // It was done, and that is what counts; nobody could carry the answer.
        if (error == StoreError.None && AnswerWriter.IsTooLong(_body)) error = StoreError.AnswerNotKept;
        AnswerWriter.Head(answer, error, mutations.Revision);
        if (error == StoreError.None) answer.Raw(_body.Written);
    }

    private bool IsCorrupt => alarms.Has(AlarmType.Corrupt);

    private bool IsFull => alarms.Has(AlarmType.NoSpace);

    private StoreError Put(ReadOnlySpan<byte> command)
    {
        if (!PutCommand.TryRead(command, out var put)) return StoreError.Malformed;
        var error = PutRules.CheckShape(put);
        if (error != StoreError.None) return error;
        if (IsCorrupt) return StoreError.Corrupt;
        if (IsFull) return StoreError.NoSpace;
        if (put.Lease != 0 && !leases.Contains(put.Lease)) return StoreError.LeaseNotFound;
        if (PutRules.NeedsKey(put) && mutations.State.Find(put.Key).Reference == 0) return StoreError.KeyNotFound;
        mutations.Put(put, _body);
        return StoreError.None;
    }

    private StoreError Delete(ReadOnlySpan<byte> command)
    {
        if (!DeleteCommand.TryRead(command, out var delete)) return StoreError.Malformed;
        if (delete.Key.IsEmpty) return StoreError.KeyNotProvided;
        if (IsCorrupt) return StoreError.Corrupt;
        mutations.Delete(delete, _body);
        return StoreError.None;
    }

    private StoreError Txn(ReadOnlySpan<byte> command)
    {
        var error = new TxnShape<TProbe>(command, options, probe).Check();
        if (error != StoreError.None) return error;
        if (alarms.Count > 0)
        {
            var effects = TxnEffects.Of(command);
            if (IsCorrupt && effects.Writes) return StoreError.Corrupt;
            if (IsFull && effects.Puts) return StoreError.NoSpace;
        }

        return _txns.Run(command, _body);
    }

    private StoreError Compact(ReadOnlySpan<byte> command)
    {
        if (!CompactCommand.TryRead(command, out var compact)) return StoreError.Malformed;
        if (IsCorrupt) return StoreError.Corrupt;
        if (compact.Revision <= mutations.Compacted) return StoreError.Compacted;
        if (compact.Revision > mutations.Revision) return StoreError.FutureRevision;
        mutations.Compacted = compact.Revision;
        return StoreError.None;
    }

    private StoreError Grant(ReadOnlySpan<byte> command)
    {
        if (!LeaseGrantCommand.TryRead(command, out var grant)) return StoreError.Malformed;
        if (IsCorrupt) return StoreError.Corrupt;
        if (IsFull) return StoreError.NoSpace;
        var error = leases.Grant(grant.Lease, grant.Seconds);
        if (error != StoreError.None) return error;
        _body.Varint(grant.Lease);
        _body.Varint(grant.Seconds);
        return StoreError.None;
    }

    private StoreError Revoke(ReadOnlySpan<byte> command) =>
        LeaseRevokeCommand.TryRead(command, out var revoke) ? End(revoke.Lease) : StoreError.Malformed;

    /// <summary>Only the leader that found the lease over may say so: a later one has given it more time.</summary>
    private StoreError Expire(ReadOnlySpan<byte> command, EntryId entry)
    {
        if (!LeaseExpireCommand.TryRead(command, out var expire)) return StoreError.Malformed;
        var isOfOtherTerm = expire.Term != entry.Term.Value && !probe.Plants(StoreMutant.ExpiredInOtherTerm);
        return isOfOtherTerm ? StoreError.OtherTerm : End(expire.Lease);
    }

    private StoreError End(long lease)
    {
        if (IsCorrupt) return StoreError.Corrupt;
        if (!leases.Remove(lease)) return StoreError.LeaseNotFound;
        mutations.DeleteKeysOf(lease);
        return StoreError.None;
    }

    private StoreError Checkpoint(ReadOnlySpan<byte> command, EntryId entry)
    {
        if (!LeaseCheckpointCommand.TryRead(command, out var checkpoint)) return StoreError.Malformed;
        if (checkpoint.Term != entry.Term.Value) return StoreError.OtherTerm;
        var rests = checkpoint.Read();
        while (rests.MoveNext()) leases.Checkpoint(rests.Current.Lease, rests.Current.RestMs);
        return StoreError.None;
    }

    private StoreError Alarm(ReadOnlySpan<byte> command) =>
        AlarmCommand.TryRead(command, out var alarm) ? alarms.Run(alarm, _body) : StoreError.Malformed;

    private StoreError Open(ReadOnlySpan<byte> command, EntryId entry, long logTime)
    {
        if (!SessionOpenCommand.TryRead(command, out var open)) return StoreError.Malformed;
        var error = sessions.Open(entry.Index, logTime, open.Seconds);
        if (error == StoreError.None) _body.Varint(entry.Index.Value);
        return error;
    }

    private StoreError Close(ReadOnlySpan<byte> command, ulong session)
    {
        if (!command.IsEmpty) return StoreError.Malformed;
        return sessions.Close(session) ? StoreError.None : StoreError.SessionUnknown;
    }
}

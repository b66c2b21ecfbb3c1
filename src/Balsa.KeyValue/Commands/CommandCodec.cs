using Balsa.KeyValue.Wire;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Commands;

/// <summary>
/// Commands as the bytes of a log entry: the envelope, which holds kind and version, then the body that the command's own
/// type describes. Not for many threads at once.
/// </summary>
public sealed class CommandCodec
{
    /// <summary>The version of every body here. Version 1 of put and delete is still read: see <see cref="EarlierCommands"/>.</summary>
    public const ushort Version = 2;

    private readonly ByteWriter _body = new();

    public byte[] Put(in PutCommand put, EntryEnvelope envelope = default)
    {
        put.Write(Body());
        return Entry(CommandKind.Put, envelope);
    }

    public byte[] Delete(in DeleteCommand delete, EntryEnvelope envelope = default)
    {
        delete.Write(Body());
        return Entry(CommandKind.Delete, envelope);
    }

    public byte[] Txn(TxnBuilder txn, EntryEnvelope envelope = default)
    {
        ArgumentNullException.ThrowIfNull(txn);
        txn.Write(Body());
        return Entry(CommandKind.Txn, envelope);
    }

    public byte[] Compact(CompactCommand compact, EntryEnvelope envelope = default)
    {
        compact.Write(Body());
        return Entry(CommandKind.Compact, envelope);
    }

    public byte[] LeaseGrant(LeaseGrantCommand grant, EntryEnvelope envelope = default)
    {
        grant.Write(Body());
        return Entry(CommandKind.LeaseGrant, envelope);
    }

    public byte[] LeaseRevoke(LeaseRevokeCommand revoke, EntryEnvelope envelope = default)
    {
        revoke.Write(Body());
        return Entry(CommandKind.LeaseRevoke, envelope);
    }

    public byte[] LeaseExpire(LeaseExpireCommand expire, EntryEnvelope envelope = default)
    {
        expire.Write(Body());
        return Entry(CommandKind.LeaseExpire, envelope);
    }

    public byte[] LeaseCheckpoint(ulong term, ReadOnlySpan<LeaseRest> rests, EntryEnvelope envelope = default)
    {
        LeaseCheckpointCommand.Write(Body(), term, rests);
        return Entry(CommandKind.LeaseCheckpoint, envelope);
    }

    public byte[] Alarm(AlarmCommand alarm, EntryEnvelope envelope = default)
    {
        alarm.Write(Body());
        return Entry(CommandKind.Alarm, envelope);
    }

    public byte[] SessionOpen(SessionOpenCommand open, EntryEnvelope envelope = default)
    {
        open.Write(Body());
        return Entry(CommandKind.SessionOpen, envelope);
    }

    /// <summary>Closes the session that the envelope names.</summary>
    public byte[] SessionClose(EntryEnvelope envelope)
    {
        Body();
        return Entry(CommandKind.SessionClose, envelope);
    }

    public byte[] Touch(EntryEnvelope envelope)
    {
        Body();
        return Entry(CommandKind.Touch, envelope);
    }

    /// <summary>An entry of any kind with any body, for those who carry commands without understanding them.</summary>
    public static byte[] Entry(CommandKind kind, ReadOnlySpan<byte> body, EntryEnvelope envelope)
    {
        var entry = new byte[EntryEnvelope.Bytes + body.Length];
        (envelope with { CommandKind = (byte)kind, CommandVersion = Version }).Write(entry);
        body.CopyTo(entry.AsSpan(EntryEnvelope.Bytes));
        return entry;
    }

    private ByteWriter Body()
    {
        _body.Clear();
        return _body;
    }

    private byte[] Entry(CommandKind kind, EntryEnvelope envelope) => Entry(kind, _body.Written, envelope);
}

using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Log;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Scripts;

/// <summary>One entry of the log: who, when, and the command.</summary>
internal sealed record StoreEntry(EntryId Entry, EntryEnvelope Envelope, byte[] Body)
{
    internal CommandKind Kind => (CommandKind)Envelope.CommandKind;

    public override string ToString()
    {
        var text = $"{Entry} {Command()}";
        if (Envelope.Session != 0) text += $" session {Envelope.Session} request {Envelope.Request}";
        return Envelope.LogTime == 0 ? text : $"{text} time {Envelope.LogTime / (double)TimeSpan.TicksPerSecond:F3} s";
    }

    private string Command()
    {
        var body = Envelope.CommandVersion == 1 ? EarlierBody.Translate(Kind, Body) : Body;
        var text = body is null ? null : Command(Kind, body);
        return text is null ? $"{Kind} that cannot be read: {Hex(Body)}" : text;
    }

    private static string Hex(byte[] body) => Convert.ToHexString(body.AsSpan(0, Math.Min(64, body.Length)));

    private static string? Command(CommandKind kind, byte[] body)
    {
        switch (kind)
        {
            case CommandKind.Put: return PutCommand.TryRead(body, out var put) ? PlainPut.Of(put).ToString() : null;
            case CommandKind.Delete: return DeleteCommand.TryRead(body, out var delete) ? PlainDelete.Of(delete).ToString() : null;
            case CommandKind.Txn:
                var error = TxnParser.Parse(body, int.MaxValue, out var txn);
                return error == KeyValue.Answers.StoreError.None ? txn.ToString() : $"{error}: {txn} {Hex(body)}";
            case CommandKind.Compact: return CompactCommand.TryRead(body, out var compact) ? $"compact {compact.Revision}" : null;
            case CommandKind.LeaseGrant: return LeaseGrantCommand.TryRead(body, out var grant) ? grant.ToString() : null;
            case CommandKind.LeaseRevoke: return LeaseRevokeCommand.TryRead(body, out var revoke) ? revoke.ToString() : null;
            case CommandKind.LeaseExpire: return LeaseExpireCommand.TryRead(body, out var expire) ? expire.ToString() : null;
            case CommandKind.LeaseCheckpoint:
                return LeaseCheckpointCommand.TryRead(body, out var checkpoint) ? $"checkpoint of term {checkpoint.Term}" : null;
            case CommandKind.Alarm: return AlarmCommand.TryRead(body, out var alarm) ? alarm.ToString() : null;
            case CommandKind.SessionOpen: return SessionOpenCommand.TryRead(body, out var open) ? open.ToString() : null;
            default: return body.Length == 0 ? kind.ToString() : null;
        }
    }
}

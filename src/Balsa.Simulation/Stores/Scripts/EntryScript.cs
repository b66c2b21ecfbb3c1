using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.Stores.Scripts;

/// <summary>Invents the next entry of the log: kind, body, session, request and log time.</summary>
internal sealed class EntryScript
{
    private readonly Dice _dice;
    private readonly NaiveStore _model;
    private readonly RequestScript _requests;
    private readonly TxnScript _txns;
    private readonly SessionScript _sessions;
    private readonly ByteWriter _body = new();
    private readonly int _secondsOfEntry;
    private ulong _term = 1, _index;
    private long _logTime;

    internal EntryScript(Dice dice, RequestScript requests, TxnScript txns, NaiveStore model, StoreOptions options)
    {
        (_dice, _requests, _txns, _model) = (dice, requests, txns, model);
        _sessions = new SessionScript(dice, model, options);
        _secondsOfEntry = dice.OneOf(0, 1, 3, 20);
    }

    internal StoreEntry Next()
    {
        Pass();
        if (_dice.Chance(15))
        {
            var isPut = _dice.Chance(600);
            var earlier = EarlierBody.Write(_requests.Key(), isPut ? _requests.Value() : []);
            return Entry(isPut ? CommandKind.Put : CommandKind.Delete, Damaged(earlier), version: 1);
        }

        var kind = Kind();
        _body.Clear();
        WriteBody(kind);
        return Entry(kind, Damaged(_body.Written.ToArray()), CommandCodec.Version);
    }

    /// <summary>A put outside of sessions.</summary>
    internal StoreEntry Put(byte[] key)
    {
        Pass();
        _body.Clear();
        new PutCommand { Key = key, Value = _requests.Value(), Lease = _requests.Lease() }.Write(_body);
        return Plain(CommandKind.Put, _body.Written.ToArray());
    }

    /// <summary>A delete of everything, outside of sessions.</summary>
    internal StoreEntry DeleteAll()
    {
        Pass();
        _body.Clear();
        new DeleteCommand { Key = [0], End = [0] }.Write(_body);
        return Plain(CommandKind.Delete, _body.Written.ToArray());
    }

    private void Pass()
    {
        if (_dice.Chance(20)) _term += (ulong)_dice.Between(1, 3);
        _index += (ulong)(_dice.Chance(50) ? 2 : 1);
        _logTime += _dice.Below(2 * TimeSpan.TicksPerSecond * _secondsOfEntry + 1);
    }

    private CommandKind Kind()
    {
        // Alarms refuse so much that they must not stay long.
        if (_model.Alarms.Count > 0 && _dice.Chance(120)) return CommandKind.Alarm;
        return _dice.Below(1000) switch
        {
            < 400 => CommandKind.Put,
            < 530 => CommandKind.Delete,
            < 760 => CommandKind.Txn,
            < 790 => CommandKind.Compact,
            < 840 => CommandKind.LeaseGrant,
            < 865 => CommandKind.LeaseRevoke,
            < 885 => CommandKind.LeaseExpire,
            < 900 => CommandKind.LeaseCheckpoint,
            < 915 => CommandKind.Alarm,
            < 950 => CommandKind.SessionOpen,
            < 965 => CommandKind.SessionClose,
            _ => CommandKind.Touch,
        };
    }

    private void WriteBody(CommandKind kind)
    {
        switch (kind)
        {
            case CommandKind.Put: _requests.Put().Write(_body); break;
            case CommandKind.Delete: _requests.Delete().Write(_body); break;
            case CommandKind.Txn: _txns.Txn().Write(_body); break;
            case CommandKind.Compact: new CompactCommand(_requests.Revision(_model.Revision, _model.Compacted)).Write(_body); break;
            case CommandKind.LeaseGrant: new LeaseGrantCommand(NewLease(), Seconds()).Write(_body); break;
            case CommandKind.LeaseRevoke: new LeaseRevokeCommand(_requests.Lease()).Write(_body); break;
            case CommandKind.LeaseExpire: new LeaseExpireCommand(Term(), _requests.Lease()).Write(_body); break;
            case CommandKind.LeaseCheckpoint: LeaseCheckpointCommand.Write(_body, Term(), Rests()); break;
            case CommandKind.Alarm: Alarm().Write(_body); break;
            case CommandKind.SessionOpen: new SessionOpenCommand(_sessions.Seconds()).Write(_body); break;
            default: break;
        }
    }

    private ulong Term() => _dice.Chance(300) ? _term + (ulong)_dice.Between(-1, 1) : _term;

    private long NewLease() => _dice.Chance(200) ? _requests.Lease() : _dice.Between(-4, 12);

    private long Seconds() => _dice.Below(20) switch
    {
        0 => 0,
        1 => -1,
        2 => 9_000_000_001,
        3 => 9_000_000_000,
        _ => _dice.Between(1, 100),
    };

    private LeaseRest[] Rests()
    {
        var rests = new LeaseRest[_dice.Below(4)];
        foreach (ref var rest in rests.AsSpan())
            rest = new LeaseRest(_requests.Lease(), _dice.Chance(150) ? _dice.OneOf(-1, long.MaxValue) : _dice.Below(60_000));
        return rests;
    }

    private AlarmCommand Alarm()
    {
        var raised = _model.Alarms;
        if (raised.Count > 0 && !_dice.Chance(300))
        {
            var end = raised[_dice.Below(raised.Count)];
            return new AlarmCommand(AlarmAction.Deactivate, end.Type, end.Member);
        }

        var type = (AlarmType)_dice.OneOf<byte>(0, 1, 1, 1, 2);
        return new AlarmCommand((AlarmAction)_dice.Below(3), type, (ulong)_dice.Below(3));
    }

    /// <summary>Now and then a bit is wrong, or the end is missing: mostly that is no command any more.</summary>
    private byte[] Damaged(byte[] body)
    {
        if (!_dice.Chance(25)) return body;
        if (body.Length == 0) return [7];
        if (_dice.Chance(400)) return body[.._dice.Below(body.Length)];
        if (_dice.Chance(200)) return [.. body, 0];
        body[_dice.Below(body.Length)] ^= (byte)(1 << _dice.Below(8));
        return body;
    }

    private StoreEntry Plain(CommandKind kind, byte[] body) => new(
        new EntryId(new Term(_term), new LogIndex(_index)),
        new EntryEnvelope { CommandKind = (byte)kind, CommandVersion = CommandCodec.Version, LogTime = _logTime }, body);

    private StoreEntry Entry(CommandKind kind, byte[] body, ushort version)
    {
        var plain = Plain(kind, body);
        var (session, request) = _sessions.Next(kind);
        // A leader that was slow may stamp an older time.
        var logTime = _dice.Chance(50) ? Math.Max(0, _logTime - _dice.Below(100_000_000)) : _logTime;
        var envelope = plain.Envelope with { CommandVersion = version, LogTime = logTime, Session = session, Request = request };
        return plain with { Envelope = envelope };
    }
}

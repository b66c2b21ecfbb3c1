using System.Buffers.Binary;
using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>Invents what callers want. Every value that is written is another one, so that an answer says whose it is.</summary>
internal sealed class CallMaker(FullRun world, Dice dice)
{
    private const int SmallValueBytes = 12, LargeValueBytes = 700;

    private readonly CommandCodec _codec = new();

    internal Call Open(ulong number, int caller) => new(number, caller, CallKind.Command)
    {
        Command = CommandKind.SessionOpen, Entry = _codec.SessionOpen(new SessionOpenCommand(world.Options.SessionSeconds), Mark(number)),
    };

    internal Call Read(ulong number, int caller, CallKind kind) => new(number, caller, kind) { Query = Range() };

    internal Call Write(ulong number, int caller, ulong session, ulong request)
    {
        var envelope = Mark(number) with { Session = session, Request = request };
        var (kind, entry) = dice.Below(100) switch
        {
            < 45 => (CommandKind.Put, Put(number, envelope)),
            < 60 => (CommandKind.Delete, Delete(envelope)),
            < 80 => (CommandKind.Txn, Conditional(number, envelope)),
            < 95 => (CommandKind.Txn, Several(number, envelope)),
            < 97 => (CommandKind.Touch, _codec.Touch(envelope)),
            _ => (CommandKind.Compact, _codec.Compact(new CompactCommand(OldRevision()), envelope)),
        };
        return new Call(number, caller, CallKind.Command) { Command = kind, Entry = entry, Session = session, Request = request };
    }

    /// <summary>A field of the envelope that no command looks at carries the number of the call into the log.</summary>
    private static EntryEnvelope Mark(ulong number) => new() { User = number };

    private byte[] Put(ulong number, in EntryEnvelope envelope) => _codec.Put(
        new PutCommand { Key = Key(), Value = Value(number), Options = dice.Chance(300) ? PutOptions.ReturnPrevious : PutOptions.None },
        envelope);

    private byte[] Delete(in EntryEnvelope envelope)
    {
        var key = Key();
        var end = dice.Chance(300) ? Key() : [];
        return _codec.Delete(new DeleteCommand { Key = key, End = end, ReturnPrevious = dice.Chance(500) }, envelope);
    }

    /// <summary>A put that happens only if nobody has changed the key since; otherwise the key is read.</summary>
    private byte[] Conditional(ulong number, in EntryEnvelope envelope)
    {
        var key = Key();
        var known = world.Judges.Model.History.Find(key, long.MaxValue)?.Modified ?? 0;
        var txn = new TxnBuilder()
            .If(new CompareClause { Target = CompareTarget.Modified, Result = CompareResult.Equal, Key = key, Number = known })
            .Then(new PutCommand { Key = key, Value = Value(number) })
            .Else(new RangeQuery { Key = key });
        return _codec.Txn(txn, envelope);
    }

    private byte[] Several(ulong number, in EntryEnvelope envelope)
    {
        byte[] one = Key(), two = Key(), three = Key();
        var txn = new TxnBuilder().Then(new PutCommand { Key = one, Value = Value(number) });
        if (!two.AsSpan().SequenceEqual(one)) txn.Then(new PutCommand { Key = two, Value = Value(number) });
        var isOther = !three.AsSpan().SequenceEqual(one) && !three.AsSpan().SequenceEqual(two);
        if (isOther && dice.Chance(400)) txn.Then(new DeleteCommand { Key = three });
        txn.Then(new RangeQuery { Key = three });
        return _codec.Txn(txn, envelope);
    }

    private PlainRange Range()
    {
        var key = Key();
        var end = dice.Below(10) switch { < 5 => [], < 7 => [0], _ => Key() };
        return new PlainRange(key, end)
        {
            Limit = dice.Chance(200) ? dice.Between(1, 3) : 0,
            Revision = dice.Chance(150) ? OldRevision() : 0,
            Options = dice.Chance(100) ? RangeOptions.CountOnly : RangeOptions.None,
        };
    }

    /// <summary>Mostly one that is still there.</summary>
    private long OldRevision() => Math.Max(1, world.Judges.Model.Revision - dice.Between(-1, 60));

    private byte[] Key() => [(byte)'k', (byte)dice.Below(world.Options.Keys)];

    private byte[] Value(ulong number)
    {
        // Few lengths: the store keeps a slab for each size, and here its whole life is a minute.
        var value = new byte[dice.Chance(50) ? LargeValueBytes : SmallValueBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(value, number);
        return value;
    }
}

using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Tests.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>Bytes that were worked out with a pencil from docs/formats, not by the code that they check.</summary>
public sealed class HandCheckedTests
{
    [Fact]
    public void A_put_has_the_bytes_of_its_description()
    {
        var entry = new CommandCodec().Put(
            new PutCommand { Key = "k"u8, Value = "v"u8, Lease = 300, Options = PutOptions.ReturnPrevious | PutOptions.MustExist },
            new EntryEnvelope { LogTime = 5, Session = 256 });
        // Envelope version 1, kind 1, command version 2 in two bytes, four zeros.
        const string Head = "01 01 0200 00000000";
        // Log time 5, session 256, then request, origin, boot, user and auth revision, all 0.
        const string Rest = "0500000000000000 0001000000000000" + Zeros + Zeros + Zeros + Zeros + Zeros;
        // Options 1 + 8; one byte of key, 'k' is 6B; one byte of value, 'v' is 76; 300 = 2 * 128 + 44, low part 2C with the high bit.
        const string Body = "09 01 6B 01 76 AC 02";
        Assert.Equal(Hex(Head + Rest + Body), entry);
    }

    [Fact]
    public void A_transaction_has_the_bytes_of_its_description()
    {
        var entry = new CommandCodec().Txn(
            new TxnBuilder()
                .If(new CompareClause { Key = "a"u8, Result = CompareResult.Greater, Target = CompareTarget.Modified, Number = 7 })
                .Then(new PutCommand { Key = "k"u8, Value = "v"u8 }));
        // One clause of 7 bytes: greater 1, modified 2, key of one byte, no end, 7, no value.
        const string Compares = "01 07 01 02 01 61 00 07 00";
        // One operation of 8 bytes: kind 2, body of 6 bytes: options, key, value, lease.
        const string Success = "01 08 02 06 00 01 6B 01 76 00";
        // No operation, no bytes.
        const string Failure = "00 00";
        Assert.Equal(Hex(Compares + Success + Failure), entry[EntryEnvelope.Bytes..]);
    }

    [Fact]
    public void An_answer_has_the_bytes_of_its_description()
    {
        var store = new KeyValueStore<NoStoreProbe>(new StoreOptions());
        // No error, revision 2 because an empty store is at 1, and no previous one.
        Assert.Equal(Hex("00 02 00"), Apply(store, 1, "v"));
        // No error, revision 3; 1: the previous one follows: key, created 2, modified 2, version 1, value, lease 0.
        Assert.Equal(Hex("00 03 01 01 6B 02 02 01 01 76 00"), Apply(store, 2, "w"));
    }

    [Fact]
    public void A_snapshot_has_the_bytes_of_its_description()
    {
        var store = new KeyValueStore<NoStoreProbe>(new StoreOptions());
        Apply(store, 1, "v");
        var writer = store.BeginSnapshot()!;
        var buffer = new byte[1000];
        var bytes = buffer[..writer.Read(buffer, 1000)];

        // Kind 1, length 22 in five bytes; index 1, term 1, log time 0; behind the hash revision 2, and -1 in ten bytes.
        Assert.Equal(Hex("01 96 80 80 80 00 01 01 00"), bytes[..9]);
        Assert.Equal(Hex("02 FF FF FF FF FF FF FF FF FF 01"), bytes[17..28]);
        // Kind 2, no alarms. No leases, so no part of kind 3. Kind 4: an item of kind 0, no uses.
        Assert.Equal(Hex("02 80 80 80 80 00 04 82 80 80 80 00 00 00"), bytes[28..42]);
        // Nothing was compacted, so every version is an event. Kind 6: flags 0, key, modified 2, created 2, version 1, value.
        Assert.Equal(Hex("06 88 80 80 80 00 00 01 6B 02 02 01 01 76"), bytes[42..56]);
        // Kind 7: no keys, one event, two hashes of eight bytes.
        Assert.Equal(Hex("07 92 80 80 80 00 00 01"), bytes[56..64]);
        Assert.Equal(64 + 16, bytes.Length);
    }

    private const string Zeros = "0000000000000000";

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static byte[] Apply(KeyValueStore<NoStoreProbe> store, ulong index, string value)
    {
        var entry = new CommandCodec().Put(
            new PutCommand { Key = "k"u8, Value = StoreDriver<NoStoreProbe>.Bytes(value), Options = PutOptions.ReturnPrevious });
        EntryEnvelope.TryRead(entry, out var envelope, out var command);
        return store.Apply(new EntryId(new Term(1), new LogIndex(index)), envelope, command).ToArray();
    }
}

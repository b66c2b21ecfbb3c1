using System.Buffers.Binary;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Tests.Golden;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Store;

/// <summary>
/// Whatever bytes have come into the log are there for ever and on every member: the store must refuse them, everywhere in the
/// same way, and never fall over them.
/// </summary>
public sealed class HostileCommandTests
{
    private static readonly long[] Extremes =
        [long.MinValue, long.MinValue + 1, int.MinValue, -1, 0, 1, 2, int.MaxValue, 1L << 32, 1L << 62, long.MaxValue - 1, long.MaxValue];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_bytes_are_refused_alike(int seed)
    {
        var random = new Random(seed);
        var stores = Filled();
        var body = new byte[80];
        for (var i = 0; i < 12_000; i++)
        {
            var bytes = body.AsSpan(0, random.Next(body.Length));
            random.NextBytes(bytes);
            // Small numbers are more often lengths and options that hold.
            if (random.Next(2) == 0)
                foreach (ref var one in bytes) one = (byte)(one & 7);
            stores.Apply((CommandKind)(1 + i % 12), bytes);
        }

        Assert.True(stores.Seen[StoreError.Malformed] > 3000);
        stores.AssertWhole();
    }

    [Fact]
    public void Every_truncation_of_a_command_is_refused_alike()
    {
        var stores = Filled();
        foreach (var (envelope, body) in Corpus())
        {
            var isWhole = stores.Apply(envelope with { Session = 0 }, body)!.Error != StoreError.Malformed;
            // The pairs of a checkpoint may end early.
            isWhole &= envelope.CommandKind != (byte)CommandKind.LeaseCheckpoint;
            for (var length = 0; length < Math.Min(body.Length, 400); length++)
            {
                var answer = stores.Apply(envelope with { Session = 0 }, body.AsSpan(0, length))!;
                if (isWhole) Assert.Equal(StoreError.Malformed, answer.Error);
            }
        }

        stores.AssertWhole();
    }

    [Fact]
    public void Every_flipped_bit_of_a_command_is_answered_alike()
    {
        var stores = Filled();
        var flips = 0;
        foreach (var (envelope, body) in Corpus())
        {
            for (var bit = 0; bit < Math.Min(body.Length, 120) * 8; bit++, flips++)
            {
                body[bit / 8] ^= (byte)(1 << (bit % 8));
                stores.Apply(envelope with { Session = 0 }, body);
                body[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(flips > 30_000, $"only {flips} bits were flipped");
        Assert.True(stores.Seen.Count > 10, "hardly any refusal was seen");
        stores.AssertWhole();
    }

    [Fact]
    public void Every_flipped_bit_of_an_envelope_is_answered_alike_or_unknown()
    {
        var stores = new TwoStores(GoldenReplay.Options);
        var entry = new byte[EntryEnvelope.Bytes];
        foreach (var (envelope, body) in Corpus())
        {
            envelope.Write(entry);
            for (var bit = 8; bit < entry.Length * 8; bit++)
            {
                entry[bit / 8] ^= (byte)(1 << (bit % 8));
                if (EntryEnvelope.TryRead(entry, out var flipped, out _) == EnvelopeError.None) stores.Apply(flipped, body);
                entry[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(stores.Unknown > 1000);
        stores.AssertWhole();
    }

    [Fact]
    public void Extreme_numbers_are_answered_alike()
    {
        var stores = Filled();
        var codec = new CommandCodec();
        void Apply(byte[] entry)
        {
            EntryEnvelope.TryRead(entry, out var envelope, out var body);
            stores.Apply(envelope, body);
        }

        foreach (var one in Extremes)
            foreach (var two in Extremes)
            {
                Apply(codec.LeaseGrant(new LeaseGrantCommand(one, two)));
                Apply(codec.LeaseExpire(new LeaseExpireCommand((ulong)one, two)));
                Apply(codec.LeaseCheckpoint(3, [new LeaseRest(one, two)]));
                Apply(codec.LeaseCheckpoint((ulong)one, [new LeaseRest(two, 1)]));
                Apply(codec.Put(new PutCommand { Key = "x"u8, Lease = one }));
                Apply(codec.Txn(Reads(one, two)));
                Apply(codec.Alarm(new AlarmCommand(AlarmAction.Activate, AlarmType.NoSpace, (ulong)one)));
                Apply(codec.Alarm(new AlarmCommand(AlarmAction.Deactivate, AlarmType.NoSpace, (ulong)one)));
                Apply(codec.SessionOpen(new SessionOpenCommand(one), new EntryEnvelope { Session = (ulong)two }));
                Apply(codec.Touch(new EntryEnvelope { Session = (ulong)one, Request = (ulong)two }));
                Apply(codec.SessionClose(new EntryEnvelope { Session = (ulong)one, Request = (ulong)two }));
            }

        foreach (var one in Extremes)
        {
            Apply(codec.LeaseRevoke(new LeaseRevokeCommand(one)));
            Apply(codec.Compact(new CompactCommand(one)));
            // Log time jumps to the end of all time, and a session that is opened there ends there.
            Apply(codec.Touch(new EntryEnvelope { LogTime = one }));
            Apply(codec.SessionOpen(new SessionOpenCommand(1), new EntryEnvelope { LogTime = one }));
        }

        stores.AssertWhole();
    }

    private static TxnBuilder Reads(long one, long two)
    {
        var txn = new TxnBuilder()
            .Then(new RangeQuery { Key = "a"u8, End = "\0"u8, Limit = one, Revision = two == one ? two : 0 })
            .Then(new RangeQuery { Key = "a"u8, End = "\0"u8, ModifiedMin = one, ModifiedMax = two, Limit = 2 })
            .Then(new RangeQuery { Key = "a"u8, End = "\0"u8, CreatedMin = one, CreatedMax = two, Options = RangeOptions.CountOnly });
        for (var target = CompareTarget.Version; target <= CompareTarget.Lease; target++)
            txn.If(new CompareClause { Key = "a"u8, End = "\0"u8, Target = target, Result = CompareResult.NotEqual, Number = one });
        return txn;
    }

    [Fact]
    public void Keys_and_values_of_more_than_a_slab_are_kept_alike()
    {
        var stores = Filled();
        var codec = new CommandCodec();
        foreach (var size in new[] { 32, 65_500, 65_536, 70_000, 262_144, 1_500_000 })
        {
            var large = new byte[size];
            large.AsSpan().Fill((byte)'L');
            foreach (var put in (ReadOnlySpan<byte[]>)[
                codec.Put(new PutCommand { Key = large, Value = "v"u8, Options = PutOptions.ReturnPrevious }),
                codec.Put(new PutCommand { Key = "v"u8, Value = large, Options = PutOptions.ReturnPrevious }),
                codec.Delete(new DeleteCommand { Key = large, End = large }),
                codec.Txn(new TxnBuilder().If(new CompareClause { Key = large, Value = large, Target = CompareTarget.Value })),
                codec.Delete(new DeleteCommand { Key = large, ReturnPrevious = true })])
            {
                EntryEnvelope.TryRead(put, out var envelope, out var body);
                Assert.Equal(StoreError.None, stores.Apply(envelope, body)!.Error);
            }
        }

        stores.AssertWhole();
    }

    /// <summary>Lengths that reach beyond the end, beyond 32 bits, or around to the beginning.</summary>
    [Fact]
    public void A_length_that_lies_is_refused()
    {
        var stores = Filled();
        var writer = new ByteWriter();
        foreach (var length in new ulong[] { 2, 127, 128, 1 << 20, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, ulong.MaxValue })
            for (var kind = CommandKind.Put; kind <= CommandKind.Touch; kind++)
            {
                writer.Clear();
                // Options, or the count of compares; then a length.
                writer.Byte(0);
                writer.Varint(length);
                writer.Byte((byte)'k');
                if (kind is CommandKind.Put or CommandKind.Delete or CommandKind.Txn or CommandKind.SessionClose or CommandKind.Touch)
                    Assert.Equal(StoreError.Malformed, stores.Apply(kind, writer.Written)!.Error);
                else stores.Apply(kind, writer.Written);

                var earlier = new byte[5];
                BinaryPrimitives.WriteUInt32LittleEndian(earlier, (uint)Math.Min(length, uint.MaxValue));
                stores.Apply(new EntryEnvelope { CommandKind = (byte)kind, CommandVersion = 1 }, earlier);
            }

        stores.AssertWhole();
    }

    /// <summary>What the golden log leaves behind: keys, leases and sessions for the bytes to hit.</summary>
    private static TwoStores Filled()
    {
        var stores = new TwoStores(GoldenReplay.Options);
        foreach (var entry in GoldenFile.Read(GoldenFile.Log))
        {
            EntryEnvelope.TryRead(entry.Bytes, out var envelope, out var body);
            stores.Apply(envelope, body, entry.Term);
        }

        stores.Apply(CommandKind.Alarm, [(byte)AlarmAction.Deactivate, (byte)AlarmType.NoSpace, 2]);
        stores.Seen.Clear();
        return stores;
    }

    private static IEnumerable<(EntryEnvelope Envelope, byte[] Body)> Corpus()
    {
        foreach (var entry in GoldenFile.Read(GoldenFile.Log))
        {
            EntryEnvelope.TryRead(entry.Bytes, out var envelope, out var body);
            yield return (envelope, body.ToArray());
        }
    }
}

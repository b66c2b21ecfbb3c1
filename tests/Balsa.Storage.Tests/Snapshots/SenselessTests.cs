using System.Buffers.Binary;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots;

/// <summary>Files whose checksums are right and which no writer would have written: one content has one spelling.</summary>
public sealed class SenselessTests
{
    private static readonly EntryId Id = Samples.Id(20);
    private static readonly SnapshotIdentity Identity = Samples.Directory.IdentityOf(Id);
    private readonly List<byte> _file = [];
    private SnapshotChain _chain;

    public SenselessTests() => Begin(HeadCodec.Write(Samples.Head(Id)));

    private void Begin(byte[] head)
    {
        _file.Clear();
        _file.AddRange(head);
        _chain = new SnapshotChain(Identity, head.Length, BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(head.Length - 4)));
    }

    private void Data(int length)
    {
        var block = new byte[BlockHeader.Bytes + 64];
        var bytes = _chain.Seal(block, length);
        _file.AddRange(block.AsSpan(0, bytes));
    }

    private void Header(BlockHeader header, int dataBytes)
    {
        var block = new byte[BlockHeader.Bytes + dataBytes];
        header.Write(block, Identity.Salt, _chain.Position);
        _file.AddRange(block);
    }

    private void Finish()
    {
        var end = new byte[SnapshotChain.EndBytes];
        _chain.SealEnd(end);
        _file.AddRange(end);
    }

    private SnapshotProblem? Read()
    {
        var disk = new MemoryDisk { [Samples.Directory.PathOf(Id)] = [.. _file] };
        Samples.Read<NoStorageProbe>(disk, Id, out var problem);
        return problem;
    }

    private void AssertDamaged(string reason)
    {
        var problem = Read();
        Assert.Equal(SnapshotProblemKind.Damaged, problem?.Kind);
        Assert.Contains(reason, problem!.Reason);
    }

    [Fact]
    public void A_file_put_together_here_is_read()
    {
        Data(Samples.BlockBytes);
        Data(5);
        Finish();
        Assert.Null(Read());
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(5, Samples.BlockBytes)]
    [InlineData(Samples.BlockBytes + 1, 5)]
    [InlineData(0, 5)]
    public void Only_the_last_block_is_short_and_none_is_long_or_empty(int first, int second)
    {
        Data(first);
        Data(second);
        Finish();
        AssertDamaged("cannot be here");
    }

    [Fact]
    public void A_kind_that_nobody_knows_is_not_passed_over()
    {
        Header(new BlockHeader((BlockKind)3, 8, 0, _chain.Checksum, Crc32C.Of(new byte[8])), 8);
        Finish();
        AssertDamaged("kind 3");
    }

    [Fact]
    public void A_block_says_which_one_it_is_and_what_it_follows()
    {
        Header(new BlockHeader(BlockKind.Data, 8, 1, _chain.Checksum, Crc32C.Of(new byte[8])), 8);
        AssertDamaged("that it is block 1");
        Begin(HeadCodec.Write(Samples.Head(Id)));
        Header(new BlockHeader(BlockKind.Data, 8, 0, _chain.Checksum + 1, Crc32C.Of(new byte[8])), 8);
        AssertDamaged("does not follow");
    }

    [Fact]
    public void An_end_that_describes_another_file_is_no_end()
    {
        Data(Samples.BlockBytes);
        Header(new BlockHeader(BlockKind.End, 32, 1, _chain.Checksum, Crc32C.Of(new byte[32])), 32);
        AssertDamaged("the end does not describe");
    }

    [Fact]
    public void A_length_is_not_followed_when_its_checksum_is_wrong()
    {
        Header(new BlockHeader(BlockKind.Data, uint.MaxValue, 0, _chain.Checksum, 0), 0);
        AssertDamaged("cannot be here");
        _file[^1] ^= 1;
        AssertDamaged("does not match");
    }

    [Theory]
    [InlineData(12, 1u, "not zero")]
    [InlineData(68, 1u, "not zero")]
    [InlineData(72, 1u, "not zero")]
    [InlineData(60, 12u, "impossible size")]
    [InlineData(60, 0u, "impossible size")]
    [InlineData(60, 0xFFFFFFF8u, "impossible size")]
    [InlineData(64, 0xFFFFFFFFu, "too long")]
    [InlineData(32, 0x21u, "under the name")]
    public void A_head_makes_sense(int at, uint value, string reason)
    {
        var head = HeadCodec.Write(Samples.Head(Id));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(at), value);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(76), Crc32C.Of(head.AsSpan(0, 76)));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(head.Length - 4), Crc32C.Of(head.AsSpan(0, head.Length - 4)));
        Begin(head);
        Finish();
        AssertDamaged(reason);
    }

    [Theory]
    [InlineData(80, "cannot be read")]
    [InlineData(-5, "padding")]
    public void The_rest_of_a_head_makes_sense(int at, string reason)
    {
        // A configuration of three members leaves padding before the checksum.
        var head = HeadCodec.Write(Samples.Head(Id));
        head[at < 0 ? head.Length + at : at] = 9;
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(head.Length - 4), Crc32C.Of(head.AsSpan(0, head.Length - 4)));
        Begin(head);
        Finish();
        AssertDamaged(reason);
    }
}

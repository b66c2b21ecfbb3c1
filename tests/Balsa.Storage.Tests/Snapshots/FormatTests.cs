using System.Globalization;
using System.Runtime.CompilerServices;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots;

/// <summary>The bytes on the disk, which later versions must still read.</summary>
public sealed class FormatTests
{
    // Made from docs/formats/snapshot.md by a program that shares nothing with this repository.
    private const string ByHand = """
        42 41 4c 53 41 53 4e 50  01 00 00 00  00 00 00 00
        00 00 00 00 00 00 00 00  ee ff c0 00 00 00 00 00
        10 00 00 00 00 00 00 00  03 00 00 00 00 00 00 00
        01 00 00 00  07 00 00 00  02 00 00 00  10 00 00 00
        2f 00 00 00  00 00 00 00  00 00 00 00  85 5b 8a 9d
        01 00 01 00 00 00 01 00 00 00 00 00 00 00 01 00
        00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00
        00 00 00 00 00 00 01 02 00 6e 31 00 00 00 00 00
        00 00 00 00  98 2d 97 32

        01 00 00 00  10 00 00 00  00 00 00 00 00 00 00 00
        98 2d 97 32  2c 73 1e 02  00 00 00 00  4c 09 a5 1e
        42 61 6c 73 61 20 66 6c 6f 61 74 73 2c 20 73 6f

        01 00 00 00  0e 00 00 00  01 00 00 00 00 00 00 00
        4c 09 a5 1e  f6 09 0b fc  00 00 00 00  41 d1 03 82
        20 69 74 20 69 73 20 61 20 72 61 66 74 2e 00 00

        02 00 00 00  20 00 00 00  02 00 00 00 00 00 00 00
        41 d1 03 82  18 c8 52 35  00 00 00 00  37 1d c6 32
        02 00 00 00 00 00 00 00  1e 00 00 00 00 00 00 00
        28 01 00 00 00 00 00 00  73 7c 21 b1  00 00 00 00
        """;

    private static readonly EntryId Id = Samples.Id(0x10);

    [Fact]
    public void A_file_is_what_the_document_says_byte_by_byte()
    {
        var disk = new MemoryDisk();
        Write(disk, Configuration.OfVoters(1), 16, "Balsa floats, so it is a raft."u8.ToArray());

        Assert.Equal(Bytes(ByHand), disk["snapshots/0000000000000010-0000000000000003.snapshot"]);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("empty")]
    [InlineData("members")]
    public void A_golden_file_is_read_for_ever(string name)
    {
        var (configuration, content) = Golden(name);
        var path = GoldenPath(name);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("BALSA_REWRITE") == "1") File.WriteAllBytes(path, Make(name));
        var golden = File.ReadAllBytes(path);
        var disk = new MemoryDisk { [Samples.Directory.PathOf(Id)] = golden };

        Assert.Equal(content, Samples.Read<NoStorageProbe>(disk, Id, out _));
        var reader = new SnapshotReader<NoStorageProbe>(Samples.Directory.PathOf(Id), Samples.Directory.IdentityOf(Id));
        reader.ReadHead(new()).Run(disk);
        Assert.Equal(configuration.ToString(), reader.Head!.Configuration.ToString());
        Assert.Equal((7u, 2u, 64), (reader.Head.ContentKind, reader.Head.ContentVersion, reader.Head.BlockBytes));
        Assert.Equal(configuration.FeatureLevel, reader.Head.FeatureLevel);
        // This build still writes format 1, so it writes the same bytes.
        Assert.Equal(golden, Make(name));
    }

    [Fact]
    public void Damage_is_reported_with_file_block_and_place()
    {
        var whole = Samples.FileOf(Id);
        const int stride = BlockHeader.Bytes + Samples.BlockBytes;
        var head = whole.Length - SnapshotChain.EndBytes - BlockHeader.Bytes - 16 - 2 * stride;
        (int At, long Block, long Offset)[] places =
        [
            (3, -1, 0), (90, -1, HeadCodec.StartBytes), (head, 0, head), (head + stride + 40, 1, head + stride + BlockHeader.Bytes),
            (head + 2 * stride + 4, 2, head + 2 * stride), (whole.Length - 1, 3, whole.Length - SnapshotChain.EndDataBytes),
        ];
        foreach (var (at, block, offset) in places)
        {
            var disk = new MemoryDisk { [Samples.Directory.PathOf(Id)] = Checks.Transfers.Flipped(whole, at) };
            Assert.Null(Samples.Read<NoStorageProbe>(disk, Id, out var problem));
            Assert.Equal(SnapshotProblemKind.Damaged, problem!.Kind);
            Assert.Equal((block, offset), (problem.Block, problem.Offset));
            Assert.StartsWith("snapshots/0000000000000010-0000000000000003.snapshot is damaged in ", problem.ToString());
        }
    }

    [Fact]
    public void A_newer_format_is_told_from_damage()
    {
        var whole = Samples.FileOf(Id);
        whole[8] = 2;
        BitConverter.TryWriteBytes(whole.AsSpan(76), Crc32C.Of(whole.AsSpan(0, 76)));
        var disk = new MemoryDisk { [Samples.Directory.PathOf(Id)] = whole };

        Assert.Null(Samples.Read<NoStorageProbe>(disk, Id, out var problem));
        Assert.Equal(SnapshotProblemKind.UnknownVersion, problem!.Kind);
        Assert.False(problem.MayFallBack);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Samples.BlockBytes)]
    [InlineData(Samples.BlockBytes + 1)]
    [InlineData(3 * Samples.BlockBytes)]
    public void Content_of_any_length_comes_back(int length)
    {
        var disk = new MemoryDisk();
        var content = Samples.Content(Id, length);
        Samples.Put(disk, Id, content);

        Assert.Equal(content, Samples.Read<NoStorageProbe>(disk, Id, out _));
        Assert.Equal(0, disk[Samples.Directory.PathOf(Id)].Length % 8);
    }

    [Fact]
    public void A_reader_waits_for_a_slow_receiver()
    {
        var disk = new MemoryDisk();
        Samples.Put(disk, Id);
        var sink = new BytesSink(isSlow: true);
        var reader = new SnapshotReader<NoStorageProbe>(Samples.Directory.PathOf(Id), Samples.Directory.IdentityOf(Id));
        reader.ReadWhole(new(), sink).Run(disk);

        Assert.True(reader.IsWhole);
        Assert.Equal(Samples.Content(Id), sink.Content);
    }

    private static (Configuration, byte[]) Golden(string name) => name switch
    {
        "small" => (Configuration.OfVoters(1, 2, 3), Samples.Content(Id, 150)),
        "empty" => (Configuration.OfVoters(1), []),
        _ => (Configuration.Found(
            [
                new Member
                {
                    Id = new MemberId(5), Incarnation = new Incarnation(0xABCDEF), Role = MemberRole.Voter, Name = "Ñandú",
                    PeerUrls = "tcp://10.0.0.5:2380", ClientUrls = "http://10.0.0.5:2379", AddedAt = new LogIndex(9),
                },
                new Member { Id = new MemberId(6), Role = MemberRole.PromotingLearner, Name = "late" },
            ],
            new ClusterSettings(AllowForcedCampaign: true, LeaseReads: true), featureLevel: 4), Samples.Content(Id, 128)),
    };

    private static byte[] Make(string name)
    {
        var disk = new MemoryDisk();
        var (configuration, content) = Golden(name);
        Write(disk, configuration, 64, content);
        return disk[Samples.Directory.PathOf(Id)];
    }

    private static void Write(MemoryDisk disk, Configuration configuration, int blockBytes, byte[] content)
    {
        var head = new SnapshotHead
        {
            Identity = Samples.Directory.IdentityOf(Id), Configuration = configuration, FeatureLevel = configuration.FeatureLevel,
            ContentKind = 7, ContentVersion = 2, BlockBytes = blockBytes,
        };
        new SnapshotWriter<NoStorageProbe>(Samples.Directory, head).Write(new(), new BytesSource(content), () => true).Run(disk);
    }

    private static byte[] Bytes(string hex) =>
        [.. hex.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(b => byte.Parse(b, NumberStyles.HexNumber))];

    private static string GoldenPath(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(here))!, "Golden", $"snapshot-v1-{name}.snapshot");
}

using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Tests.Wal.Recovery;

/// <summary>A log of a few small segments with every kind of record that a healthy member writes, and what it holds.</summary>
internal sealed class SampleLog
{
    private SampleLog(LogWorld world, bool isClosed)
    {
        (Disk, IsClosed) = (world.Disk, isClosed);
        Disk.Kill();
        Content = LogContent.Of(Disk.Copy());
        Files = [.. Disk.Names.Where(name => name.EndsWith(".wal", StringComparison.Ordinal))];
    }

    public PlainDisk Disk { get; }

    /// <summary>What a start finds when nothing is wrong.</summary>
    public LogContent Content { get; }

    public bool IsClosed { get; }

    public IReadOnlyList<string> Files { get; }

    /// <summary>Where the last batch begins, in the newest file.</summary>
    public int LastBatch { get; private init; }

    /// <param name="isClosed">Whether the log fell idle before the end; otherwise its last batch is only synced.</param>
    public static SampleLog Make(bool isClosed)
    {
        var world = new LogWorld().Open().Write(LogWorld.Vote(1, 2)).Append(1, 40, bytes: 90);
        world.Write(Peer(2, 7), Peer(3, 9)).FallIdle().Append(41, 60, bytes: 90);
        world.Write(LogWorld.Truncate(55)).Write(LogWorld.Vote(2, 1)).Append(55, 80, term: 2, bytes: 90).FallIdle();
        world.Write(LogWorld.Raw(81, 2, Voters(1, 2, 3, 4), EntryKind.Configuration)).Write(LogWorld.Vote(3, 3));
        world.Write(LogWorld.BeginAfter(30, 1)).Append(82, 110, term: 3, bytes: 60).FallIdle();
        world.Write(LogWorld.Vote(4, 2)).Append(111, 112, term: 4);
        if (isClosed) world.Stop();
        return new SampleLog(world, isClosed) { LastBatch = LastBatchOf(world) };
    }

    public static byte[] Voters(params ReadOnlySpan<ulong> ids)
    {
        var configuration = Configuration.OfVoters(ids);
        var bytes = new byte[ConfigurationCodec.Length(configuration)];
        ConfigurationCodec.Write(configuration, bytes);
        return bytes;
    }

    public static Action<WalBatch> Peer(ulong member, ulong boot) =>
        batch => batch.NotePeer(default, new SeenPeer(new MemberId(member), new Incarnation(member), new Boot(boot)));

    private static int LastBatchOf(LogWorld world)
    {
        // Two entries of 20 bytes, each 56 of header and 4 of zeros.
        var newest = world.Disk.Names.Last(name => name.EndsWith(".wal", StringComparison.Ordinal));
        return world.Disk[newest].AsSpan().LastIndexOfAnyExcept((byte)0) / 8 * 8 + 8 - 2 * 80;
    }
}

/// <summary>Everything that a start found, in a form that compares.</summary>
internal sealed record LogContent(string Entries, string Rest)
{
    public required HardState HardState { get; init; }

    public required ulong Boot { get; init; }

    public static LogContent Of(PlainDisk disk) => Of(new LogWorld { Disk = disk }.Open());

    public static LogContent Of(LogWorld world)
    {
        var entries = world.Read(world.Log.Base.Index.Value + 1, ulong.MaxValue);
        var lines = entries.Select(entry => $"{entry.Ref.Id}:{entry.Ref.Kind}:{Crc32C.Of(entry.Payload.Span):x8}");
        return WithoutEntries(world) with { Entries = string.Join(' ', lines) };
    }

    public static LogContent WithoutEntries(LogWorld world)
    {
        var log = world.Log;
        var peers = string.Join(' ', log.Peers.Select(peer => $"{peer}"));
        return new LogContent("", $"{log.Base} {log.Last} {peers} {log.Mode} {Convert.ToHexString(Bytes(log))}")
        {
            HardState = log.HardState, Boot = log.Boot.Value,
        };
    }

    private static byte[] Bytes(OpenedLog log)
    {
        var bytes = new byte[ConfigurationCodec.Length(log.BaseConfiguration)];
        ConfigurationCodec.Write(log.BaseConfiguration, bytes);
        return bytes;
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Wal;

namespace Balsa.Cli.Chaos;

/// <summary>The data directory that a campaign cuts the power of: one member alone, with segments that are soon full.</summary>
internal static class WorkerDirectory
{
    internal static readonly DirectoryIdentity Owner = new(0xC4A05, new MemberId(1), new Incarnation(0xA1));

    internal static readonly Configuration Members =
        Configuration.Found([new Member { Id = Owner.Member, Incarnation = Owner.Incarnation, Role = MemberRole.Voter, Name = "n1" }]);

    internal const int EntryBytesMax = 12_000;
    private const int SegmentBytes = 256 << 10;

    internal static OpeningOptions Options(string path) => new()
    {
        Path = path, Owner = Owner, Founding = Members, Wal = new WalOptions { SegmentBytes = SegmentBytes },
    };

    internal static SnapshotDirectory Snapshots(string path) => new(Path.Combine(path, "snapshots"), default, Owner.Cluster);

    /// <summary>What the disk holds, with every entry read and checked.</summary>
    internal static LogModel Read(DataDirectory directory)
    {
        var log = directory.Log;
        var entries = directory.Read(log.Base.Index.Next, log.Last.Index).Select(entry =>
        {
            var expected = LogModel.PayloadOf(entry.Ref.Id, entry.Payload.Length);
            if (!entry.Payload.Span.SequenceEqual(expected)) throw new InvalidDataException($"entry {entry.Ref.Id} has other bytes");
            return (entry.Ref.Id, entry.Payload.Length);
        });
        return LogModel.Of(log.HardState, log.Base, entries);
    }
}

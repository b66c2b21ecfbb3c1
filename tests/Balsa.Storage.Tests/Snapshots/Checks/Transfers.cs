using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots.Transfer;
using Balsa.Storage.Steps;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots.Checks;

/// <summary>Snapshots on their way from one disk to another. Each check answers with what must not be, or null.</summary>
internal static class Transfers
{
    private static readonly EntryId Id = Samples.Id(20);

    /// <summary>The steps of the receiver; those of the sender are carried out between them.</summary>
    public static IEnumerable<IoStep> Receive<TProbe>(
        IncomingSnapshot<TProbe> incoming, MemoryDisk senderDisk, int chunkBytes, long until = long.MaxValue)
        where TProbe : struct, IStorageProbe
    {
        var (step, sending) = (new IoStep(), new IoStep());
        var sender = new SnapshotSender(Samples.Directory, incoming.Resume.Snapshot);
        sender.Open(sending).Run(senderDisk);
        foreach (var next in incoming.Begin(step)) yield return next;
        if (incoming.Problem is not null) yield break;
        sender.Agree(sending, incoming.Resume).Run(senderDisk);
        if (sender.StartsAnew)
            foreach (var next in incoming.Restart(step)) yield return next;
        var buffer = new byte[chunkBytes];
        while (!incoming.IsComplete && incoming.Problem is null && incoming.Expected < until)
        {
            var wanted = (int)Math.Min(chunkBytes, until - incoming.Expected);
            sender.Read(sending, incoming.Expected, buffer.AsMemory(0, wanted)).Run(senderDisk);
            foreach (var next in incoming.OnChunk(step, sender.Chunk)) yield return next;
            if (incoming.Answer != ChunkAnswer.Accepted) yield break;
        }
        var ending = incoming.IsComplete ? incoming.Finish(step) : incoming.Interrupt(step);
        foreach (var next in ending) yield return next;
    }

    /// <summary>Broken off after each byte, and then each byte of what is held goes bad: nothing bad is ever held for good.</summary>
    public static string? ResumeAnywhere<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        var sender = new MemoryDisk();
        Samples.Put(sender, Id);
        var (whole, path) = (sender[Samples.Directory.PathOf(Id)], Samples.Directory.PathOf(Id));
        for (var until = 0; until < whole.Length; until++)
        {
            var left = new MemoryDisk();
            Receive(new IncomingSnapshot<TProbe>(Samples.Directory, Id), sender, 50, until).Run(left);
            var held = left[left.Names.Single()];
            if (!whole.AsSpan().StartsWith(held)) return $"broken off at {until}, something else is held";
            // From nothing damaged at -1 to the last byte held.
            for (var bad = -1; bad < held.Length; bad++)
            {
                var disk = left.AfterKill();
                if (bad >= 0) disk[left.Names.Single()] = Flipped(held, bad);
                var incoming = new IncomingSnapshot<TProbe>(Samples.Directory, Id);
                incoming.Begin(new IoStep()).Run(disk, int.MaxValue);
                if (bad < 0 && incoming.Resume.Offset != held.Length) return $"{held.Length} bytes are held, not {incoming.Resume.Offset}";
                if (bad >= 0 && incoming.Resume.Offset > bad) return $"byte {bad} is damaged and {incoming.Resume.Offset} are held";
                incoming.Interrupt(new IoStep()).Run(disk);
                Receive(incoming, sender, 50).Run(disk);
                if (!incoming.IsPublished) return $"broken off at {until}, it ended with {incoming.Problem}, {incoming.Answer}";
                if (!disk[path].AsSpan().SequenceEqual(whole)) return $"broken off at {until}, other bytes arrived";
            }
        }
        return null;
    }

    /// <summary>Chunks come too early and twice; the answer names it, and the transfer goes on as if they had not come.</summary>
    public static string? Order<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        var whole = Samples.FileOf(Id);
        var disk = new MemoryDisk();
        var step = new IoStep();
        var incoming = new IncomingSnapshot<TProbe>(Samples.Directory, Id);
        incoming.Begin(step).Run(disk);
        for (var at = 0; at < whole.Length; at += 10)
        {
            foreach (var wrong in (int[])[0, at - 1, at + 1, at + 10])
            {
                if (wrong < 0 || wrong == at || wrong + 1 > whole.Length) continue;
                incoming.OnChunk(step, Chunk(whole, wrong, 1)).Run(disk);
                var expected = wrong > at ? ChunkAnswer.Gap : ChunkAnswer.Overlap;
                if (incoming.Answer != expected) return $"byte {wrong} after {at} was {incoming.Answer}";
            }
            incoming.OnChunk(step, Chunk(whole, at, Math.Min(10, whole.Length - at))).Run(disk);
            if (incoming.Answer != ChunkAnswer.Accepted) return $"the right chunk at {at} was {incoming.Answer}";
        }
        incoming.Finish(step).Run(disk);
        return incoming.IsPublished ? null : "it was not published";
    }

    public static SnapshotChunk Chunk(byte[] whole, int at, int length) => new(Id, whole.Length, at, whole.AsMemory(at, length));

    public static byte[] Flipped(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 0x10;
        return flipped;
    }
}

using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Transfer;
using Balsa.Storage.Steps;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots.Checks;

/// <summary>
/// Stops a planner after each of its steps, cuts the power in every way, and looks at what is left. Each answers with the
/// first thing that must not be, or null.
/// </summary>
internal static class Crashes
{
    private static readonly EntryId Old = Samples.Id(10), New = Samples.Id(20);

    /// <summary>A snapshot is written, the one before it is pruned. One of the two is always there.</summary>
    public static string? Writing<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        for (var steps = 0; ; steps++)
        {
            var disk = WithOld();
            var writer = new SnapshotWriter<TProbe>(Samples.Directory, Samples.Head(New));
            var hasEnded = WriteAndPrune(writer).Run(disk, steps);
            foreach (var after in disk.AfterAnyCrash())
                if (Wrong(after, writer.IsPublished) is { } wrong) return $"after {steps} steps: {wrong}";
            if (!hasEnded) continue;
            return writer.IsPublished && !disk.Has(Samples.Directory.PathOf(Old)) ? null : "the old one was not pruned";
        }
    }

    /// <summary>A process dies while it writes; the next one looks, relies on what it sees and prunes; then the power goes.</summary>
    public static string? TwoProcesses<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        for (var first = 0; ; first++)
        {
            var disk = WithOld();
            var writer = new SnapshotWriter<TProbe>(Samples.Directory, Samples.Head(New));
            var hasEnded = writer.Write(new IoStep(), new BytesSource(Samples.Content(New)), () => true).Run(disk, first);
            for (var second = 0; ; second++)
            {
                var killed = disk.AfterKill();
                var store = new SnapshotStore<TProbe>(Samples.Directory, generations: 1);
                var isOver = OpenAndPrune(store).Run(killed, second);
                var reliesOnNew = store.Newest?.Id == New;
                foreach (var after in killed.AfterAnyCrash())
                    if (Wrong(after, reliesOnNew) is { } wrong) return $"after {first} and {second} steps: {wrong}";
                if (isOver) break;
            }
            if (hasEnded) return null;
        }
    }

    /// <summary>A snapshot arrives. Whatever a crash leaves, the transfer can be taken up and brings the same bytes.</summary>
    public static string? Receiving<TProbe>(int chunkBytes)
        where TProbe : struct, IStorageProbe
    {
        var sender = new MemoryDisk();
        Samples.Put(sender, New);
        for (var steps = 0; ; steps++)
        {
            var disk = WithOld();
            var incoming = new IncomingSnapshot<TProbe>(Samples.Directory, New);
            var hasEnded = Transfers.Receive(incoming, sender, chunkBytes).Run(disk, steps);
            foreach (var after in disk.AfterAnyCrash())
            {
                if (Wrong(after, incoming.IsPublished) is { } wrong) return $"after {steps} steps: {wrong}";
                var again = new IncomingSnapshot<TProbe>(Samples.Directory, New);
                Transfers.Receive(again, sender, chunkBytes).Run(after);
                if (!again.IsPublished) return $"after {steps} steps: taken up, the transfer ended with {again.Problem}, {again.Answer}";
                var path = Samples.Directory.PathOf(New);
                if (!after.AfterCrash(0, Unsynced.Lost).Has(path)) return $"after {steps} steps: published, and the name is not durable";
                if (!after[path].AsSpan().SequenceEqual(sender[path])) return $"after {steps} steps: other bytes than the sender's";
            }
            if (hasEnded) return null;
        }
    }

    private static MemoryDisk WithOld()
    {
        var disk = new MemoryDisk();
        Samples.Put(disk, Old);
        return disk;
    }

    private static IEnumerable<IoStep> WriteAndPrune<TProbe>(SnapshotWriter<TProbe> writer)
        where TProbe : struct, IStorageProbe
    {
        var step = new IoStep();
        var store = new SnapshotStore<TProbe>(Samples.Directory, generations: 1);
        foreach (var next in store.Open(step)) yield return next;
        foreach (var next in writer.Write(step, new BytesSource(Samples.Content(New)), () => true)) yield return next;
        store.OnPublished(writer.Head, writer.FileBytes);
        foreach (var next in store.Prune(step, New.Index)) yield return next;
    }

    private static IEnumerable<IoStep> OpenAndPrune<TProbe>(SnapshotStore<TProbe> store)
        where TProbe : struct, IStorageProbe
    {
        var step = new IoStep();
        foreach (var next in store.Open(step)) yield return next;
        foreach (var next in store.FindNewest(step, LogIndex.Max)) yield return next;
        foreach (var next in store.Prune(step, New.Index)) yield return next;
    }

    private static string? Wrong(MemoryDisk after, bool mustBeNew)
    {
        var newest = Samples.Newest<NoStorageProbe>(after, out _);
        if (newest is null) return "no snapshot can be used";
        if (mustBeNew && newest.Id != New) return "the new one was relied on and is gone";
        if (newest.Id != New && newest.Id != Old) return $"{newest.Id} was never written";
        if (after.Names.Any(name => name.EndsWith(".part", StringComparison.Ordinal))) return "a leftover was not deleted";
        return Samples.Read<NoStorageProbe>(after, newest.Id, out _).AsSpan().SequenceEqual(Samples.Content(newest.Id))
            ? null : "its content is wrong";
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Replica.Skipping;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Node.Skips;

/// <summary>Writes into the directory of a stopped member that an entry is to be left out.</summary>
public static class SkipWriting
{
    /// <summary>Null when it is kept durably; otherwise why it cannot be.</summary>
    /// <exception cref="StorageException">The directory cannot be used.</exception>
    public static string? Keep(string path, WalOptions wal, SkippedEntry wish)
    {
        using var directory = DataDirectory.Open(new OpeningOptions { Path = path, Wal = wal });
        if (Refusal(directory, wish) is { } refusal) return refusal;
        directory.KeepSkips(SkipNote.ToBytes(SkipNote.Read(directory).Append(wish)));
        // It counts as a start, and a start closes its log.
        Exception? failed = null;
        directory.Start(new NothingToWrite(), problem => failed = problem);
        directory.Close();
        return failed is null ? null : throw failed;
    }

    private static string? Refusal(DataDirectory directory, SkippedEntry wish)
    {
        var (log, snapshot) = (directory.Log, directory.Snapshots.Newest?.Id.Index ?? LogIndex.Zero);
        if (wish.Index <= snapshot)
            return $"The snapshot of entry {snapshot} contains entry {wish.Index}, so this member could apply it.";
        if (wish.Index <= log.Base.Index || wish.Index > log.Last.Index)
            return $"The log here holds entries {log.Base.Index.Next} to {log.Last.Index}, and not {wish.Index}.";
        var entry = directory.Read(wish.Index, wish.Index).Single();
        if (entry.Ref.Kind != EntryKind.Data) return $"Entry {wish.Index} is no command; only commands can fail.";
        var found = SkippedEntry.Of(entry.Ref.Id, entry.Payload.Span);
        return found == wish ? null : $"Entry {wish.Index} here has the hash {found.HashText}, and not {wish.HashText}: it is another one.";
    }

    private sealed class NothingToWrite : IWalSource
    {
        public void Fill(WalBatch batch)
        {
        }

        public void OnDurable()
        {
        }
    }
}

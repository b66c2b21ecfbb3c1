using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Reading;
using Balsa.Storage.Wal.State;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Opening;

/// <summary>A data directory in use: what was found, and the two workers that keep the log.</summary>
/// <param name="Log">What the log held when it was opened.</param>
/// <param name="Lock">Held until it is closed.</param>
public sealed record OpenDirectory<TProbe>(OpenedLog Log, StoredFile Lock) where TProbe : struct, IStorageProbe
{
    public required GroupId Group { get; init; }

    public required WalWriter<TProbe> Writer { get; init; }

    public required SpareKeeper<TProbe> Spares { get; init; }

    /// <summary>The last entry of the log, as far as it is written.</summary>
    public EntryId Last => Map!.Last;

    /// <summary>The entry before the first one that can be read.</summary>
    public EntryId Base => Map!.Base;

    internal LogMap? Map { get; init; }

    /// <summary>Closes what is still open and gives the lock back. The workers have ended.</summary>
    public IEnumerable<IoStep> Release()
    {
        var io = new IoStep();
        foreach (var file in Spares.OpenFiles().Append(Writer.File).Append(Lock))
        {
            if (!file.IsOpen) continue;
            yield return io.Close(file);
            _ = io.Error;
        }
    }

    /// <summary>Makes readers; each is for one thread.</summary>
    public required Func<EntryReader<TProbe>> NewReader { get; init; }
}

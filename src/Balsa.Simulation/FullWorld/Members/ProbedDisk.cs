using Balsa.Node.Logs;
using Balsa.Node.Snapshots;
using Balsa.Node.Snapshots.Jobs;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Storage;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>The real log and the real snapshots. The only place that knows which probe looks in.</summary>
internal sealed class ProbedDisk<TProbe>(OpeningOptions options) : MemberDisk where TProbe : struct, IStorageProbe
{
    private const long ReadBytesMax = 1 << 20;

    private readonly DirectoryOpener<TProbe> _opener = new(options);
    private SnapshotOpener<TProbe>? _snapshots;
    private SnapshotShelf<TProbe>? _shelf;
    private EntryLoader<TProbe>? _loader;

    internal override OpenedLog Log => Directory.Log;

    internal override EntryId? Newest => _snapshots!.Store.Newest?.Id;

    internal override ILogReader Reader => _loader!;

    internal override ISnapshotShelf Shelf => _shelf!;

    private OpenDirectory<TProbe> Directory => _opener.Opened!;

    internal override bool IsShortOf(long bytes) => Directory.Writer.IsShortOf(bytes);

    internal override bool IsUnsureOf(long bytes) => Directory.Writer.IsUnsureOf(bytes);

    internal override IEnumerable<IoStep> OpenAndRead(List<ReplicaEntry> found, StateIntake intake)
    {
        foreach (var step in _opener.Run()) yield return step;
        _snapshots = new SnapshotOpener<TProbe>(options.Path, Directory);
        foreach (var step in _snapshots.Run()) yield return step;
        var reader = Directory.NewReader();
        for (var next = Directory.Base.Index.Next; next <= Directory.Last.Index;)
        {
            foreach (var step in reader.Read(next, Directory.Last.Index, ReadBytesMax)) yield return step;
            foreach (var entry in reader.Entries) found.Add(new ReplicaEntry(entry.Ref, entry.Payload));
            if (reader.Entries.Count == 0) throw new StorageException($"entry {next} is not in the log of {options.Path}");
            next = reader.Entries[^1].Ref.Id.Index.Next;
        }

        foreach (var step in reader.Close()) yield return step;
        if (_snapshots.Store.Newest is not { } newest) yield break;
        foreach (var step in Restoring.Run<TProbe>(_snapshots.Folder, newest.Id, intake)) yield return step;
    }

    internal override void Furnish(SnapshotShelfOptions shelf, IParcelPost post, Func<ReplicaInput, bool> tell)
    {
        _loader = new EntryLoader<TProbe>(Directory, tell);
        _shelf = new SnapshotShelf<TProbe>(_snapshots!.Folder, _snapshots.Store, shelf, post, tell);
    }

    internal override Action Work(IWalSource source, Func<string, IEnumerable<IoStep>, Action> add)
    {
        var wakeWriting = add("wal", Directory.Writer.Run(source));
        Directory.Writer.Wake = wakeWriting;
        Directory.Spares.Wake = add("spares", Directory.Spares.Run());
        _loader!.Wake = add("entries", _loader.Run());
        _shelf!.Wake = add("snapshots", _shelf.Run());
        return wakeWriting;
    }

    internal override void Stop()
    {
        Directory.Writer.Stop();
        Directory.Spares.Stop();
        _loader!.Stop();
        _shelf!.Stop();
    }

    internal override void Receive(MemberId from, Parcel parcel) => _shelf!.Receive(from, parcel);

    internal override void OnPeerLost(MemberId peer) => _shelf!.OnPeerLost(peer);
}

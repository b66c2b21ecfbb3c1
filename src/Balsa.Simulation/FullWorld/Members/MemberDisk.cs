using Balsa.Node.Snapshots;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;
using Balsa.Storage.Opening;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>Everything of one life that reads and writes the data directory, whatever probe it was built with.</summary>
internal abstract class MemberDisk
{
    /// <summary>What opening has found.</summary>
    internal abstract OpenedLog Log { get; }

    /// <summary>The snapshot that the state was read from; null when there was none.</summary>
    internal abstract EntryId? Newest { get; }

    internal abstract ILogReader Reader { get; }

    internal abstract ISnapshotShelf Shelf { get; }

    internal abstract bool IsShortOf(long bytes);

    internal abstract bool IsUnsureOf(long bytes);

    /// <summary>Opens the directory, reads the log, and reads the newest snapshot into a state.</summary>
    internal abstract IEnumerable<IoStep> OpenAndRead(List<ReplicaEntry> found, StateIntake intake);

    /// <summary>Makes what reads entries back and keeps snapshots, before there is a replica.</summary>
    internal abstract void Furnish(SnapshotShelfOptions options, IParcelPost post, Func<ReplicaInput, bool> tell);

    /// <summary>All workers begin.</summary>
    /// <param name="add">Gives work a lane, and says how to wake it.</param>
    /// <returns>Wakes the one that writes the log.</returns>
    internal abstract Action Work(IWalSource source, Func<string, IEnumerable<IoStep>, Action> add);

    /// <summary>All workers end in order, when they are woken.</summary>
    internal abstract void Stop();

    /// <summary>Another member sent something that concerns snapshots.</summary>
    internal abstract void Receive(MemberId from, Parcel parcel);

    internal abstract void OnPeerLost(MemberId peer);
}

using Balsa.Node.Snapshots;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Inputs;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Steps;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Node.Tests.Snapshots;

/// <summary>What the shelf tells its replica of transfers.</summary>
public sealed class SnapshotShelfTests
{
    private static readonly EntryId Snapshot = new(new Term(2), new LogIndex(7));
    private static readonly MemberId Peer = new(3);

    private readonly List<ReplicaInput> _told = [];

    [Fact]
    public void A_transfer_that_another_one_replaces_does_not_tell_of_its_end()
    {
        var shelf = NewShelf();
        shelf.Send(Peer, Snapshot, new LogIndex(1));
        shelf.Send(Peer, Snapshot, new LogIndex(1));
        FailAllSteps(shelf);
        Assert.Equal([new TransferMoved(Peer, new LogIndex(1), Ended: true)], _told);
    }

    [Fact]
    public void A_transfer_that_is_called_off_does_not_tell_of_its_end()
    {
        var shelf = NewShelf();
        shelf.Send(Peer, Snapshot, new LogIndex(1));
        shelf.CallOff(Peer, Snapshot);
        FailAllSteps(shelf);
        Assert.Empty(_told);
    }

    private SnapshotShelf<NoStorageProbe> NewShelf()
    {
        var directory = new SnapshotDirectory("/snapshots", default, 1);
        return new SnapshotShelf<NoStorageProbe>(
            directory, new SnapshotStore<NoStorageProbe>(directory), new SnapshotShelfOptions(), new NoPost(), Tell);
    }

    private bool Tell(ReplicaInput input)
    {
        _told.Add(input);
        return true;
    }

    /// <summary>The disk holds nothing, so each transfer ends as soon as it looks for its file.</summary>
    private static void FailAllSteps(SnapshotShelf<NoStorageProbe> shelf)
    {
        foreach (var step in shelf.Run())
        {
            if (step.Kind == StepKind.Wait) break;
            step.Fail(DiskError.NotFound, 2);
        }
    }

    private sealed class NoPost : IParcelPost
    {
        public void Send(MemberId to, Parcel parcel)
        {
        }
    }
}

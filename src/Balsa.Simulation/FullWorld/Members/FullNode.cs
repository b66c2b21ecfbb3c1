using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Disks;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Nodes;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>One machine: its disk, which stays, and the process on it, which comes and goes.</summary>
internal sealed class FullNode
{
    internal const string Directory = "/disk/data";

    private readonly Func<EntryId, ulong> _chainOf;

    internal FullNode(int slot, Configuration founding, Func<EntryId, ulong> chainOf)
    {
        (Slot, Founding, _chainOf, Truth) = (slot, founding, chainOf, new DirectoryTruth(founding, chainOf));
        (Id, Incarnation) = (new MemberId((ulong)slot + 1), new Incarnation((ulong)slot + 1));
        Disk.AddDirectory("/disk");
    }

    internal int Slot { get; }

    internal MemberId Id { get; }

    /// <summary>What its directory is made with: nothing, for one that joins a cluster.</summary>
    internal Configuration Founding { get; private set; }

    /// <summary>Whom it was told to call beside those that its own log names.</summary>
    internal Configuration Introduction { get; set; } = Configuration.Empty;

    internal Incarnation Incarnation { get; private set; }

    /// <summary>The build that its next process runs: the feature level that it understands.</summary>
    internal uint Build { get; set; }

    internal NodeState State { get; set; }

    internal Harm Harm { get; set; }

    internal FaultyDisk Disk { get; private set; } = new();

    /// <summary>What its directory must hold.</summary>
    internal DirectoryTruth Truth { get; private set; }

    /// <summary>The running process; null while there is none.</summary>
    internal Process? Process { get; set; }

    /// <summary>The replica in the process, once its log has been read.</summary>
    internal ReplicaMachine? Machine => Process?.Machine;

    internal bool IsServing => Machine is not null && !Process!.IsStopping;

    /// <summary>Which start of any node in this world it is: unlike boots, never the same twice.</summary>
    internal ulong Life { get; set; }

    internal long PausedUntil { get; set; }

    /// <summary>What a turn costs a slow node; 0 when it is not slow.</summary>
    internal long TurnCost { get; set; }

    /// <summary>After so many more half steps of its disk the power goes out; 0 for never.</summary>
    internal int StepsUntilCrash { get; set; }

    /// <summary>The highest term in which it spoke, over all its starts.</summary>
    internal Term PromisedTerm { get; set; }

    /// <summary>Damage was repaired, and the note of it may not be on disk yet.</summary>
    internal bool RepairIsFresh { get; set; }

    /// <summary>The lives that had seen a later boot of it when its disk went back in time: they must not let it in again.</summary>
    internal HashSet<ulong> KnownLaterBy { get; } = [];

    /// <summary>The kind of the failure that its disk is going to show.</summary>
    internal FaultKind FailureToCome { get; set; }

    /// <summary>When it has ended it does not start again by itself.</summary>
    internal bool StaysDown { get; set; }

    /// <summary>Starts that failed one after the other.</summary>
    internal int Refusals { get; set; }

    /// <summary>The directory is gone, and with it all that it had promised; what starts next is another incarnation.</summary>
    internal void LoseDirectory(Incarnation next, Configuration introduction)
    {
        (Disk, Founding, Truth) = (new FaultyDisk(), Configuration.Empty, new DirectoryTruth(Configuration.Empty, _chainOf));
        (Incarnation, Introduction, PromisedTerm, RepairIsFresh, Refusals) = (next, introduction, Term.Zero, false, 0);
        Disk.AddDirectory("/disk");
    }
}

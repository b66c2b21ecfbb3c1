using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Lanes;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>
/// What a drill is about: a family of planners, a script that keeps them busy, and the truth about what they were told and
/// what they acknowledged. The drill brings the disk, the crashes, the faults and the damage.
/// </summary>
internal interface IDrillSubject
{
    /// <summary>Every place of the code that the drill must make fail.</summary>
    IReadOnlyList<IoSite> Sites { get; }

    /// <summary>How often something was acknowledged in this life.</summary>
    long Acknowledged { get; }

    /// <summary>Nothing waits to become durable.</summary>
    bool IsSettled { get; }

    /// <summary>Something that a worker read in passing and that cannot be.</summary>
    Judgement Complaint { get; }

    /// <summary>What was opened says that something is damaged or missing.</summary>
    bool ClaimsDamage { get; }

    /// <summary>What it says of that, for people.</summary>
    string Claim { get; }

    /// <summary>Nothing was ever written. Settings and script follow from the dice.</summary>
    void Reset(Dice dice, bool isSmall);

    /// <summary>Takes over settings and truth, for another disk.</summary>
    void CopyFrom(IDrillSubject other);

    /// <summary>A process starts on what the disk holds. It throws a StorageException when it refuses.</summary>
    IEnumerable<IoStep> Open();

    /// <summary>It is open: its workers run from here on.</summary>
    void Start(VirtualLanes lanes);

    /// <summary>Does the next thing of the script, and says after how many ticks the one after it is due.</summary>
    long Act();

    /// <summary>A clean stop: the workers end by themselves.</summary>
    void Stop();

    /// <summary>Sees every step after it was done.</summary>
    void Watch(FaultyDisk disk, IoStep step);

    /// <summary>Reads all that is there, so that it can be compared.</summary>
    IEnumerable<IoStep> ReadBack();

    /// <summary>Compares what was read back with the truth. What is right becomes the truth of the life to come.</summary>
    Judgement Compare();

    /// <summary>Compares what was read back once more, by a process that is settled and has worked since it opened.</summary>
    Judgement CompareRead();

    /// <summary>The same when damage is claimed: what is left must be true, and what is promised must be known.</summary>
    Judgement CompareDamaged();

    /// <summary>Before the next start: whether the damage hit what no written word confirms yet.</summary>
    bool Assess(FaultyDisk disk, in Damage damage);

    /// <summary>The damage that was assessed hit bytes in use: it must be noticed even if it changed no meaning.</summary>
    bool MustNotice { get; }

    /// <summary>Whether nobody could have noticed the damage that was assessed. Asked after the comparison failed.</summary>
    Excuse FindExcuse();

    /// <summary>A file, and the bytes in it, that are worth damaging; one with later ones behind it, if there is any.</summary>
    DamageTarget PickTarget(FaultyDisk disk, Dice dice, bool isOld);

    /// <summary>Hands over what others send to a damaged member: what it says is missing. False when nothing can help.</summary>
    bool TryRepair();
}

/// <summary>Why damage could not be noticed.</summary>
internal enum Excuse : byte
{
    None = 0,

    /// <summary>It hit what no written word confirms yet, and only that is gone: it looks like a torn end.</summary>
    Unconfirmed,

    /// <summary>A whole file, with all its own words, is as it was before. Only others can know.</summary>
    RolledBack,
}

/// <summary>Where to damage; an empty path for nowhere.</summary>
internal readonly record struct DamageTarget(string Path, int From, int To);

using Balsa.Raft.Membership;
using Balsa.Storage.Opening;
using Balsa.Storage.Snapshots;

namespace Balsa.Storage.Doctor;

/// <summary>What lies in a data directory, and what is wrong with it.</summary>
public sealed class DirectoryReport(string path)
{
    public string Path { get; } = path;

    /// <summary>Why the directory could not be looked at; null when it could.</summary>
    public UnusableDirectory? Unusable { get; internal set; }

    public DirectoryIdentity? Identity { get; internal set; }

    /// <summary>The files of the log, ascending.</summary>
    public IReadOnlyList<SegmentReport> Segments => SegmentList;

    /// <summary>What a start would make of the log; null when it would refuse.</summary>
    public LogReport? Log { get; internal set; }

    /// <summary>Why a start would refuse the log whatever the operator accepts.</summary>
    public string? LogRefusal { get; internal set; }

    public IReadOnlyList<SnapshotReport> Snapshots => SnapshotList;

    /// <summary>Files of zeros or of an earlier life that wait to become segments.</summary>
    public IReadOnlyList<string> Spares => SpareList;

    /// <summary>Files that an earlier start set aside because of damage. Nothing reads them.</summary>
    public IReadOnlyList<string> SetAside => SetAsideList;

    /// <summary>What a process left half made; the next start removes it.</summary>
    public IReadOnlyList<string> Leftovers => LeftoverList;

    /// <summary>All files together.</summary>
    public long FootprintBytes { get; internal set; }

    /// <summary>Any configuration that can be read, even behind damage, names a voter besides this member.</summary>
    public bool HasOtherVoters { get; internal set; }

    /// <summary>At least one configuration with members could be read.</summary>
    public bool KnowsConfiguration { get; internal set; }

    /// <summary>A torn end is healthy: nobody was told of it.</summary>
    public bool IsHealthy => Unusable is null && Log is { Damage: null, Lost: null } && DamagedSnapshots == 0;

    public int DamagedSnapshots => SnapshotList.Count(snapshot => snapshot.Problem is not null);

    internal List<SegmentReport> SegmentList { get; } = [];

    internal List<SnapshotReport> SnapshotList { get; } = [];

    internal List<string> SpareList { get; } = [];

    internal List<string> SetAsideList { get; } = [];

    internal List<string> LeftoverList { get; } = [];

    internal void Note(Configuration configuration, DirectoryIdentity owner)
    {
        KnowsConfiguration |= !configuration.IsEmpty;
        HasOtherVoters |= DamageVerdict.HasOtherVoter(configuration, owner.Member);
    }
}

/// <summary>A reason not to go on, in three parts.</summary>
public sealed record UnusableDirectory(string What, string Why, string Next);

/// <param name="Problem">Why it cannot be used; null for one that is whole from head to end.</param>
public sealed record SnapshotReport(string Name, long Bytes, SnapshotProblem? Problem);

using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Raft.Recovery;

/// <summary>What the disk allowed the host to read back, as far as it concerns trust.</summary>
public enum RecoveryMode : byte
{
    /// <summary>Everything that was promised is there.</summary>
    Intact = 0,

    /// <summary>
    /// Entries that were promised are missing. The member repairs its log from the leader; until it is level again it
    /// refuses to vote and its answers count towards nothing.
    /// </summary>
    Repairing,

    /// <summary>Term or vote is lost: this data directory never votes or counts again and must be replaced.</summary>
    NeverCounts,
}

/// <summary>
/// What is on the disk at start: term and vote, the newest snapshot, and the log after the boundary. The host makes one,
/// replays the entries into it in order, and hands it to the core.
/// </summary>
public sealed class RecoveredState
{
    private readonly List<(EntryId Id, uint Length)> _entries = [];
    private readonly List<(LogIndex Index, Configuration Configuration)> _configurations = [];

    /// <param name="boundary">The entry before the first one in the log; <see cref="EntryId.Start"/> for a whole log.</param>
    /// <param name="configuration">In force at the boundary: the founding one for a whole log.</param>
    public RecoveredState(EntryId boundary, Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Boundary = Snapshot = Last = boundary;
        BoundaryConfiguration = configuration;
    }

    public HardState HardState { get; init; }

    public RecoveryMode Mode { get; init; }

    public EntryId Boundary { get; }

    public Configuration BoundaryConfiguration { get; }

    /// <summary>The newest usable snapshot; the log may reach back further. State before it is already applied.</summary>
    public EntryId Snapshot { get; set; }

    public EntryId Last { get; private set; }

    internal IReadOnlyList<(EntryId Id, uint Length)> Entries => _entries;

    internal IReadOnlyList<(LogIndex Index, Configuration Configuration)> Configurations => _configurations;

    /// <summary>Term and vote are stored before any entry of the term, so a newer entry means that they were lost.</summary>
    internal void ThrowIfUnreadable()
    {
        if (Last.Term > HardState.Term && Mode != RecoveryMode.NeverCounts)
            throw new UnreadableLogException($"entry {Last} is of a later term than the stored term {HardState.Term}");
        if (Snapshot.Index < Boundary.Index || Snapshot.Index > Last.Index)
            throw new UnreadableLogException($"snapshot {Snapshot} is outside the log, which spans {Boundary} to {Last}");
    }

    /// <summary>A directory that holds nothing yet.</summary>
    public static RecoveredState Fresh(Configuration founding) => new(EntryId.Start, founding);

    /// <summary>The next entry of the log; a configuration entry brings its configuration along.</summary>
    public void Replay(in EntryRef entry, Configuration? configuration = null)
    {
        if (entry.Id.Index != Last.Index.Next || entry.Id.Term < Last.Term)
            throw new UnreadableLogException($"entry {entry.Id} follows {Last}");
        if (entry.Kind is < EntryKind.Noop or > EntryKind.Configuration)
            throw new UnreadableLogException($"entry {entry.Id} is of unknown kind {(byte)entry.Kind}");
        if (entry.Kind == EntryKind.Configuration != configuration is not null)
            throw new UnreadableLogException($"entry {entry.Id} and its configuration do not go together");
        _entries.Add((entry.Id, entry.Length));
        if (configuration is not null) _configurations.Add((entry.Id.Index, configuration));
        Last = entry.Id;
    }
}

/// <summary>The log read from disk breaks a rule that every written log keeps. The node must not start from it.</summary>
public sealed class UnreadableLogException(string what)
    : Exception($"The log cannot be used: {what}. It was written by a newer version or is damaged; `balsa doctor data` shows where.");

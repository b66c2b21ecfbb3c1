using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Recovering;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Doctor;

/// <summary>What a start would read from the log, without having started.</summary>
public sealed record LogReport
{
    /// <summary>How many times the member was started.</summary>
    public required ulong Boots { get; init; }

    public required HardState HardState { get; init; }

    /// <summary>The entry before the first one.</summary>
    public required EntryId Base { get; init; }

    public required EntryId Last { get; init; }

    /// <summary>In force behind the last entry that counts.</summary>
    public required Configuration Configuration { get; init; }

    public required IReadOnlyList<SeenPeer> Peers { get; init; }

    /// <summary>A torn end: bytes behind the last record that counts, of which nobody was told.</summary>
    public required long TornBytes { get; init; }

    public LogDamage? Damage { get; init; }

    /// <summary>What damage takes now, or took at an earlier start and is not back.</summary>
    public LostEntries? Lost { get; init; }
}

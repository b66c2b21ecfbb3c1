using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Recovering;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Opening;

/// <summary>
/// What the log held when it was opened. The entries themselves are read with an
/// <see cref="Wal.Reading.EntryReader{TProbe}"/>.
/// </summary>
public sealed record OpenedLog
{
    public required DirectoryIdentity Identity { get; init; }

    /// <summary>The number of this start: raised and on stable media.</summary>
    public required Boot Boot { get; init; }

    public required HardState HardState { get; init; }

    /// <summary>The entry before the first one that the log has.</summary>
    public required EntryId Base { get; init; }

    public required Configuration BaseConfiguration { get; init; }

    public required EntryId Last { get; init; }

    public required IReadOnlyList<SeenPeer> Peers { get; init; }

    /// <summary>Bytes at the end that a crash had left unfinished; nobody was told of them.</summary>
    public required long CutBytes { get; init; }

    /// <summary>What was found damaged at this start.</summary>
    public LogDamage? Damage { get; init; }

    /// <summary>What damage took, at this start or an earlier one, and is not back yet.</summary>
    public LostEntries? Lost { get; init; }

    /// <summary>How far the core may trust what it gets.</summary>
    public RecoveryMode Mode =>
        Lost is null ? RecoveryMode.Intact : Lost.HardStateIsLost ? RecoveryMode.NeverCounts : RecoveryMode.Repairing;
}

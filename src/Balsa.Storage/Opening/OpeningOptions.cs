using Balsa.Raft.Membership;
using Balsa.Storage.Wal;

namespace Balsa.Storage.Opening;

/// <summary>How a directory is opened.</summary>
public sealed record OpeningOptions
{
    public required string Path { get; init; }

    /// <summary>Whose it must be, and becomes when it is empty; nothing to take it as it is.</summary>
    public DirectoryIdentity? Owner { get; init; }

    /// <summary>The first members, for an empty directory.</summary>
    public Configuration Founding { get; init; } = Configuration.Empty;

    public WalOptions Wal { get; init; } = new();

    /// <summary>The operator accepts that what damage took is lost: the log goes on without it and without asking others.</summary>
    public bool AcceptLoss { get; init; }
}

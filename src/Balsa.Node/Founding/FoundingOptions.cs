namespace Balsa.Node.Founding;

/// <summary>What a member with an empty directory is told of the cluster that it shall belong to.</summary>
public sealed record FoundingOptions
{
    public required string Name { get; init; }

    public required string PeerUrls { get; init; }

    public required string ClientUrls { get; init; }

    /// <summary>Everyone, this member among them.</summary>
    public required FoundingPeers Peers { get; init; }

    /// <summary>Tells two foundings on the same machines apart.</summary>
    public required string Token { get; init; }

    /// <summary>Peers that are not waited for, because the operator says so. They join when they come.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Found a cluster when there is none yet. Otherwise only join one.</summary>
    public bool MayFound { get; init; } = true;

    public uint FeatureLevel { get; init; } = 1;
}

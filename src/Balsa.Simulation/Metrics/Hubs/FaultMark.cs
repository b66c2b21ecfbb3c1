namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>Something that was done to the cluster, or that happened to it.</summary>
public sealed record FaultMark
{
    public required long At { get; init; }

    /// <summary>When it was undone; null when it was not.</summary>
    public long? Until { get; set; }

    public required string What { get; init; }

    /// <summary>The server that was hit; null when it was the network, or nobody.</summary>
    public int? Server { get; init; }

    /// <summary>Nothing could be done, and this is why.</summary>
    public string? Skipped { get; init; }

    /// <summary>It makes things better.</summary>
    public bool IsRemedy { get; init; }
}

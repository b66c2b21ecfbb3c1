using System.Net;

namespace Balsa.Bench.Cluster;

public enum LoadKind
{
    Put = 1,

    /// <summary>Linearizable.</summary>
    Get,

    /// <summary>Whatever the asked member has.</summary>
    LocalGet,
}

/// <summary>What is asked of whom, and by how many at a time.</summary>
public sealed record LoadPlan
{
    public required LoadKind Kind { get; init; }

    public required IReadOnlyList<IPEndPoint> Endpoints { get; init; }

    public int Connections { get; init; } = 8;

    /// <summary>Callers; each has one request under way.</summary>
    public int Clients { get; init; } = 256;

    public int Total { get; init; } = 100_000;

    public int KeyBytes { get; init; } = 32;

    public int ValueBytes { get; init; } = 256;

    /// <summary>Different keys; a key is drawn for each request.</summary>
    public int Keys { get; init; } = 100_000;

    /// <summary>
    /// Requests a second, each at its time as long as a caller is free; 0 sends the next one at each answer. Without a bound on what
    /// is under way, a server that is too slow for the rate would be pressed until nothing works any more.
    /// </summary>
    public double Rate { get; init; }

    /// <summary>True ends the load before its time; what is under way is still waited for.</summary>
    public Func<bool> IsOver { get; init; } = () => false;
}

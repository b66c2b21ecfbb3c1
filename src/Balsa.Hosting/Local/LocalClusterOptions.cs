using Microsoft.Extensions.Logging;

namespace Balsa.Hosting.Local;

/// <summary>A cluster in one process, for trying things out and for tests.</summary>
public sealed record LocalClusterOptions<TState> where TState : class
{
    public int Nodes { get; init; } = 3;

    /// <summary>By default the state with all commands of its assembly, as JSON.</summary>
    public RaftModel<TState>? Model { get; init; }

    /// <summary>Where members keep their directories. By default a temporary folder, which goes with the cluster.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Changes what every member is set up with.</summary>
    public Action<RaftSettings> Configure { get; init; } = _ => { };

    public ILogger? Logger { get; init; }
}

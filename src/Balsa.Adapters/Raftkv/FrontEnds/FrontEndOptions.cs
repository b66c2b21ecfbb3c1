namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>What a front end is told when it starts.</summary>
public sealed record FrontEndOptions
{
    /// <summary>Where it keeps its files, and its servers their data and what they say.</summary>
    public required string Directory { get; init; }

    public int BasePort { get; init; } = RaftkvPorts.BaseByDefault;

    public SourcePortRule SourcePorts { get; init; }

    /// <summary>The program that is started for each server, and the words before the ones that say which.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>Flags for every server, beside who it is.</summary>
    public IReadOnlyList<string> ServerFlags { get; init; } = [];

    /// <summary>How long a request may take whose client did not say how long it waits.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(1800);

    /// <summary>Lines for the operator.</summary>
    public Action<string> Note { get; init; } = _ => { };
}

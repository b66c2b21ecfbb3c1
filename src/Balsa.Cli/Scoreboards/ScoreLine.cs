using System.Text.Json.Serialization;

namespace Balsa.Cli.Scoreboards;

/// <summary>One promise of an issue: the command that measures it, the target, and the figure it gave last.</summary>
internal sealed record ScoreLine
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("issue")]
    public required int Issue { get; init; }

    [JsonPropertyName("command")]
    public required string Command { get; init; }

    [JsonPropertyName("target")]
    public required string Target { get; init; }

    /// <summary>The last figure as the command printed it, or null when it was never measured.</summary>
    [JsonPropertyName("last")]
    public string? Last { get; init; }

    /// <summary>The commit that was measured, with a plus sign when there were changes on top of it.</summary>
    [JsonPropertyName("commit")]
    public string? Commit { get; init; }

    [JsonPropertyName("holds")]
    public bool? Holds { get; init; }

    [JsonPropertyName("date")]
    public string? Date { get; init; }
}

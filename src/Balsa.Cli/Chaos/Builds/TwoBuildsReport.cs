using Balsa.Cli.Chaos.Rounds;

namespace Balsa.Cli.Chaos.Builds;

/// <summary>What a campaign with two builds found.</summary>
internal sealed class TwoBuildsReport
{
    internal CampaignReport Campaign { get; } = new();

    /// <summary>Members that went from the other build to the present one, and back.</summary>
    internal int Upgrades { get; set; }

    internal int Downgrades { get; set; }

    /// <summary>The longest time without a write after a change of a member's build.</summary>
    internal double LongestOutageMs { get; set; }
}

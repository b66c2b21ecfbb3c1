namespace Balsa.Cli.Commands.Servers;

/// <summary>One thing that a node can be told: as a flag, in the environment, or in a file, under the same name.</summary>
/// <param name="Form">What stands behind the name in the help; empty for a switch.</param>
internal sealed record Setting(string Name, string Form, string Help)
{
    internal bool IsSwitch => Form.Length == 0;

    /// <summary>The flag alone is "true".</summary>
    internal bool MayStandAlone { get => field || IsSwitch; init; }

    internal string Flag => $"--{Name}";

    /// <summary>Ours, then etcd's.</summary>
    internal IEnumerable<string> Variables => Prefixes.Select(prefix => prefix + Name.ToUpperInvariant().Replace('-', '_'));

    internal static IReadOnlyList<string> Prefixes { get; } = ["BALSA_", "ETCD_"];
}

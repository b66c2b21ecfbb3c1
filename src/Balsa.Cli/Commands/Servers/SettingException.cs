using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Servers;

/// <summary>A setting that cannot be used.</summary>
internal sealed class SettingException(string what, string why) : Exception($"{what} {why}")
{
    internal Problem Problem { get; } = new(what, why, "balsa server --help");
}

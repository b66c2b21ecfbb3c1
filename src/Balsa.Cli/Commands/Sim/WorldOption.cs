using System.CommandLine;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`--world`: how much of a node is real.</summary>
internal sealed class WorldOption
{
    private const string Core = "core", Full = "full";

    private readonly Option<string> _option = new("--world")
    {
        Description = "What is real: core (the algorithm alone), or full (all that ships below the client port).",
        DefaultValueFactory = _ => Core, HelpName = "WORLD",
    };

    internal WorldOption() => _option.AcceptOnlyFromAmong(Core, Full);

    internal void AddTo(Command command) => command.Options.Add(_option);

    internal WorldKind Of(ParseResult parsed) => parsed.GetValue(_option) == Full ? WorldKind.Full : WorldKind.Core;

    /// <summary>As it is typed.</summary>
    internal static string WordOf(WorldKind world) => world == WorldKind.Full ? Full : Core;
}

using System.CommandLine;
using System.Globalization;
using Balsa.Cli.CommandLine;
using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Running;
using Balsa.Storage.Probes;

namespace Balsa.Cli.Commands.Sim;

/// <summary>The options that say which run: a seed, and what a shrunk failure leaves out.</summary>
internal sealed class RequestOptions
{
    private readonly WorldOption _world = new();
    private readonly Option<string> _mutant = new("--mutant") { Description = "Plant this mistake.", HelpName = "NAME" };
    private readonly Option<string> _without = new("--without")
    {
        Description = "Kinds of fault to leave out, with commas.", HelpName = "KINDS",
    };

    private readonly Option<string> _drop = new("--drop")
    {
        Description = "Numbers of planned faults to leave out, with commas.", HelpName = "NUMBERS",
    };

    private readonly Option<int> _nodes = new("--nodes")
    {
        Description = "Founding members instead of what the seed draws.", HelpName = "N",
    };

    private readonly Option<int> _clients = new("--clients") { Description = "Callers instead of what the seed draws.", HelpName = "N" };
    private readonly Option<int> _seconds = new("--seconds")
    {
        Description = "Simulated seconds with faults instead of what the seed draws.", HelpName = "N",
    };

    internal void AddTo(Command command)
    {
        NumberRange.Limit(_nodes, 1, 7);
        NumberRange.Limit(_clients, 1, 12);
        NumberRange.Limit(_seconds, 1, 86_400);
        _world.AddTo(command);
        command.Options.Add(_mutant);
        command.Options.Add(_without);
        command.Options.Add(_drop);
        command.Options.Add(_nodes);
        command.Options.Add(_clients);
        command.Options.Add(_seconds);
    }

    /// <summary>The request, or the first thing that is wrong with it.</summary>
    internal string? TryMake(ParseResult parsed, ulong seed, out SimulationRequest request)
    {
        request = new SimulationRequest
        {
            Seed = seed, World = _world.Of(parsed), Nodes = parsed.GetValue(_nodes), Clients = parsed.GetValue(_clients),
            Seconds = parsed.GetValue(_seconds),
        };
        if (parsed.GetValue(_mutant) is { } name)
        {
            if (TryMutant(name, out var mutant)) request = request with { Mutant = mutant };
            else if (TryStorageMutant(name, out var storage)) request = request with { StorageMutant = storage };
            else return $"there is no mutant {name}.{Nearest(name, [.. Enum.GetNames<Mutant>(), .. Enum.GetNames<StorageMutant>()])}";
        }
        var kinds = new List<FaultKind>();
        foreach (var word in Words(parsed.GetValue(_without)))
        {
            if (!FaultNames.TryParse(word, out var kind))
                return $"there is no kind of fault {word}.{Nearest(word, FaultNames.All.Select(FaultNames.Of))}";
            kinds.Add(kind);
        }
        var numbers = new List<int>();
        foreach (var word in Words(parsed.GetValue(_drop)))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return $"{word} is no number of a fault.";
            numbers.Add(number);
        }
        request = request with { Without = kinds, Dropped = numbers };
        return null;
    }

    /// <summary>By its name only: the library would take any number, too.</summary>
    internal static bool TryMutant(string name, out Mutant mutant) =>
        Enum.TryParse(name, out mutant) && string.Equals(mutant.ToString(), name, StringComparison.Ordinal);

    private static bool TryStorageMutant(string name, out StorageMutant mutant) =>
        Enum.TryParse(name, out mutant) && string.Equals(mutant.ToString(), name, StringComparison.Ordinal);

    private static string Nearest(string word, IEnumerable<string> known)
    {
        var near = NearestNames.To(word, known);
        return near.Count == 0 ? "" : $" Near are {string.Join(", ", near)}.";
    }

    private static string[] Words(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}

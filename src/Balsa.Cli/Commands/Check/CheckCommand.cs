using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Judging;

namespace Balsa.Cli.Commands.Check;

/// <summary>`balsa check FILE...`: whether what clients saw can come from one store that does one thing at a time.</summary>
internal static class CheckCommand
{
    private const int DefaultSeconds = 60, DefaultHistories = 1_000_000;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Histories, or folders with .jsonl, .log and .txt files: JSON lines, Jepsen's register logs, Porcupine's maps.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var limit = Duration.Option(
            "--time-limit", "How long to judge each history before its verdict is unknown.", TimeSpan.FromSeconds(DefaultSeconds));
        limit.Aliases.Add("--seconds");
        var oracle = new Option<string>("--oracle")
        {
            Description = "auto, wgl (search for an order) or revisions (replay them). auto replays where every answer has a revision.",
            HelpName = "NAME", DefaultValueFactory = _ => "auto",
        };
        oracle.AcceptOnlyFromAmong("auto", "wgl", "revisions");
        var selfTest = new Option<bool>("--self-test") { Description = "Judges random small histories, and tries every order of each." };
        var histories = new Option<int>("--histories")
        {
            Description = "How many histories the self-test judges.", HelpName = "N", DefaultValueFactory = _ => DefaultHistories,
        };
        NumberRange.AtLeast(histories, 1);
        var first = new Option<ulong>("--first")
        {
            Description = "The seed of the self-test's first history.", HelpName = "S", DefaultValueFactory = _ => 1,
        };
        var mutant = new Option<JudgeMutant>("--mutant") { Description = "A mistake that is planted in the judge.", Hidden = true };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "check", "Judges histories of operations: linearizable, not linearizable, or unknown.",
            "balsa check history.jsonl", "balsa check etcd_002.log --time-limit 5m", "balsa check history.jsonl --oracle wgl --json",
            "balsa check --self-test --histories 100000");
        command.Arguments.Add(files);
        foreach (var option in new Option[] { limit, oracle, selfTest, histories, first, mutant, json }) command.Options.Add(option);
        command.Validators.Add(parsed =>
        {
            var count = parsed.GetValue(files)?.Length ?? 0;
            if (parsed.GetValue(selfTest) != (count == 0))
                parsed.AddError(count == 0 ? "Required argument missing: file." : "--self-test takes no file.");
        });
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            return parsed.GetValue(selfTest)
                ? CheckSelf.Run(output, parsed.GetValue(first), parsed.GetValue(histories), parsed.GetValue(mutant))
                : new CheckFiles(output, OracleOf(parsed.GetRequiredValue(oracle)), parsed.GetValue(limit)).Run(parsed.GetValue(files)!);
        });
        return command;
    }

    private static Oracle OracleOf(string word) => word switch
    {
        "wgl" => Oracle.Search,
        "revisions" => Oracle.Revisions,
        _ => Oracle.Auto,
    };
}

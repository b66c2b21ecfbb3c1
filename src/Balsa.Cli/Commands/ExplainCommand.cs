using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Errors;

namespace Balsa.Cli.Commands;

/// <summary>`balsa explain`: what the code of an error means.</summary>
internal static class ExplainCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var code = new Argument<string?>("code")
        {
            Description = "Such as E0105; all of them without it.", Arity = ArgumentArity.ZeroOrOne,
        };
        var json = CliCommand.JsonOption();
        var command = new CliCommand("explain", "Explains the code of an error.", "balsa explain E0105", "balsa explain");
        command.Arguments.Add(code);
        command.Options.Add(json);
        command.SetAction(parsed => Run(new Output(results, messages, parsed.GetValue(json)), parsed.GetValue(code)));
        return command;
    }

    private static int Run(Output output, string? code)
    {
        if (code is null) return List(output);
        if (ErrorBook.Find(code) is not { } entry)
        {
            var nearest = NearestNames.To(code.ToUpperInvariant(), ErrorBook.All.Select(known => known.Code));
            return output.Fail(
                new Problem($"there is no code \"{code}\".", "Codes are such as E0105.",
                    [.. nearest.Take(2).Select(name => $"balsa explain {name}"), "balsa explain"]),
                ExitCode.NotFound);
        }

        output.Line($"{entry.Code}: {entry.Title}");
        output.Line($"  {entry.Text}");
        foreach (var next in entry.Next) output.Line($"  next: {next}");
        output.Line($"  exit code {entry.ExitCode}");
        output.Object(writer =>
        {
            writer.WriteString("code", entry.Code);
            writer.WriteString("title", entry.Title);
            writer.WriteString("text", entry.Text);
            writer.WriteNumber("exitCode", entry.ExitCode);
            writer.WriteStartArray("next");
            foreach (var next in entry.Next) writer.WriteStringValue(next);
            writer.WriteEndArray();
        });
        return ExitCode.Done;
    }

    private static int List(Output output)
    {
        foreach (var entry in ErrorBook.All) output.Line($"{entry.Code}  {entry.Title}");
        output.Object(writer =>
        {
            writer.WriteStartArray("items");
            foreach (var entry in ErrorBook.All)
            {
                writer.WriteStartObject();
                writer.WriteString("code", entry.Code);
                writer.WriteString("title", entry.Title);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        return ExitCode.Done;
    }
}

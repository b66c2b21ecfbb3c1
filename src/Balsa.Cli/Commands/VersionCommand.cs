using System.Reflection;
using System.Runtime.InteropServices;
using Balsa.Cli.CommandLine;
using Balsa.Raft;

namespace Balsa.Cli.Commands;

/// <summary>`balsa version`: which Balsa this is and what it runs on.</summary>
internal static class VersionCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var command = new CliCommand("version", "Shows the version of Balsa and of .NET.", "balsa version", "balsa version --json");
        command.Options.Add(json);
        command.SetAction(parsed => Print(new Output(results, messages, parsed.GetValue(json))));
        return command;
    }

    private static int Print(Output output)
    {
        var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        output.Line($"balsa {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
        output.Object(writer =>
        {
            writer.WriteString("version", version);
            writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            writer.WriteNumber("featureLevel", RaftOptions.FeatureLevelOfBuild);
            writer.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
        });
        return ExitCode.Done;
    }
}

using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Bench;
using Balsa.Cli.Commands.Chaos;
using Balsa.Cli.Commands.Check;
using Balsa.Cli.Commands.Cluster;
using Balsa.Cli.Commands.Controllers;
using Balsa.Cli.Commands.Doctor;
using Balsa.Cli.Commands.Keys;
using Balsa.Cli.Commands.Raftkv;
using Balsa.Cli.Commands.Servers;
using Balsa.Cli.Commands.Sim;

namespace Balsa.Cli.Commands;

/// <summary>Every command of balsa. A new command is one file in this folder and one line in this list.</summary>
internal static class CommandList
{
    public static IReadOnlyList<Func<TextWriter, TextWriter, CliCommand>> All { get; } =
    [
        DevCommand.Create,
        PutCommand.Create,
        GetCommand.Create,
        ReplaceCommand.Create,
        DelCommand.Create,
        LsCommand.Create,
        CompactCommand.Create,
        StatusCommand.Create,
        TopCommand.Create,
        WaitCommand.Create,
        MemberCommand.Create,
        LeaderCommand.Create,
        FaultCommand.Create,
        ServerCommand.Create,
        ControllerCommand.Create,
        FrontendCommand.Create,
        NodeCommand.Create,
        HarnessCommand.Create,
        LanCommand.Create,
        DoctorCommand.Create,
        ExplainCommand.Create,
        HelpCommand.Create,
        VersionCommand.Create,
        CheckCommand.Create,
        ScoreboardCommand.Create,
        BenchCommand.Create,
        SimCommand.Create,
        ChaosCommand.Create,
    ];
}

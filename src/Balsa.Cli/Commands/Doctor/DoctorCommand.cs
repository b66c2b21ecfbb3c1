using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>`balsa doctor`: looks at what nodes keep on disk.</summary>
internal static class DoctorCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var command = new CliCommand(
            "doctor", "Examines what a member keeps on disk, and says what can be done about damage.",
            "balsa doctor data /var/lib/balsa", "balsa doctor data /var/lib/balsa --dump");
        command.Subcommands.Add(DoctorDataCommand.Create(results, messages));
        return command;
    }
}

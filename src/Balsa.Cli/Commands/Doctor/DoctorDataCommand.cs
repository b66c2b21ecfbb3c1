using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Raft.Effects;
using Balsa.Storage;
using Balsa.Storage.Doctor;
using Balsa.Storage.Opening;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>`balsa doctor data DIR`: what is in a data directory, what is damaged, what that means, and what can be done.</summary>
internal static class DoctorDataCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var directory = new Argument<string>("dir") { Description = "The directory that `balsa server --data-dir` was given." };
        var dump = new Option<bool>("--dump") { Description = "List every record of the log, also behind damage." };
        var accept = new Option<bool>("--accept-loss")
        {
            Description = "Single node only: go on without what damage took. It cannot be undone; copy the directory first.",
        };
        var skip = new Option<string>("--skip-entry")
        {
            HelpName = "INDEX", Description = "Wish that an entry which no build can apply is left out of the state, on a majority of the voters.",
        };
        var hash = new Option<string>("--hash")
        {
            HelpName = "HASH", Description = "Which entry is meant by --skip-entry: the hash that the node said.",
        };
        var export = new Option<bool>("--export-state")
        {
            Description = "Print keys, log, term and vote as the JSON object that servers of CS 380D kept; nothing else is printed.",
        };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "data", "Examines the data directory of a stopped node. Changes nothing, except with --accept-loss or --skip-entry.",
            "balsa doctor data /var/lib/balsa", "balsa doctor data /var/lib/balsa --dump", "balsa doctor data /var/lib/balsa --json",
            "balsa doctor data /var/lib/balsa --accept-loss", "balsa doctor data /var/lib/balsa --export-state",
            "balsa doctor data /var/lib/balsa --skip-entry 1027 --hash 7f3c09aa51d2e86b");
        command.Arguments.Add(directory);
        foreach (var option in new Option[] { dump, accept, skip, hash, export, json }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            return parsed.GetValue(skip) is null && parsed.GetValue(hash) is null
                ? Run(
                    parsed.GetRequiredValue(directory), parsed.GetValue(dump), parsed.GetValue(accept), parsed.GetValue(export), output)
                : DoctorSkip.Run(
                    parsed.GetRequiredValue(directory), parsed.GetValue(skip), parsed.GetValue(hash), parsed.GetValue(accept), output);
        });
        return command;
    }

    private static int Run(string path, bool dumps, bool accepts, bool exports, Output output)
    {
        DirectoryExaminer examiner;
        try
        {
            examiner = DataDirectory.Examine(path, dumps);
        }
        catch (StorageException problem)
        {
            return output.Fail(
                new Problem($"{path} cannot be examined.", problem.Message, "run this on the machine of the node"), ExitCode.Usage);
        }

        var report = examiner.Report;
        if (report.Unusable is { } unusable)
            return output.Fail(new Problem(unusable.What, unusable.Why, unusable.Next), ExitCode.Usage);
        if (exports) return StateExport.Run(examiner, output);
        DoctorText.Print(output, report, dumps);
        if (accepts) return Accept(output, examiner);
        output.Object(writer => DoctorJson.Write(writer, report, dumps, acceptedLoss: false));
        return report.IsHealthy ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Accept(Output output, DirectoryExaminer examiner)
    {
        var report = examiner.Report;
        if (Refusal(report) is { } refusal) return output.Fail(refusal, ExitCode.Usage);
        try
        {
            using var directory = DataDirectory.Open(new OpeningOptions { Path = report.Path, AcceptLoss = true, Wal = examiner.Wal });
            Exception? failed = null;
            directory.Start(new Nothing(), problem => failed = problem);
            directory.Close();
            if (failed is StorageException) throw failed;
        }
        catch (StorageException problem)
        {
            return output.Fail(
                new Problem("the loss was not accepted.", problem.Message, $"balsa doctor data {report.Path}"), ExitCode.Failed);
        }

        output.Line();
        output.Line("Accepted. The log goes on without what is lost; the damaged files stay beside it as damaged-... in wal/.");
        output.Object(writer => DoctorJson.Write(writer, report, dumps: false, acceptedLoss: true));
        return ExitCode.Done;
    }

    private static Problem? Refusal(DirectoryReport report)
    {
        if (report.LogRefusal is { } reason)
            return new Problem("the loss cannot be accepted.", reason, DoctorText.Restore(report));
        if (report.Log is not { Damage: not null })
            return new Problem("there is no loss to accept.", "Nothing in the log is damaged.", $"balsa doctor data {report.Path}");
        if (report.HasOtherVoters)
        {
            return new Problem(
                "this member's loss is not its own to accept.",
                "It is one of several voters: entries and votes that it had acknowledged would be forgotten, and could be decided twice.",
                "start the node: it fetches what is missing from the others", "or replace this member with an empty one");
        }

        return report.KnowsConfiguration ? null : new Problem(
            "the loss cannot be accepted.", "No configuration can be read, so nobody can say that this is a single node.",
            DoctorText.Restore(report), "or replace this member with an empty one");
    }

    /// <summary>Nothing to write: the log is opened and closed.</summary>
    private sealed class Nothing : IWalSource
    {
        public void Fill(WalBatch batch)
        {
        }

        public void OnDurable()
        {
        }
    }
}

using Balsa.Cli.CommandLine;
using Balsa.Node.Skips;
using Balsa.Replica.Skipping;
using Balsa.Storage;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>`balsa doctor data DIR --skip-entry`: the wish of one directory that an entry is left out of the state.</summary>
internal static class DoctorSkip
{
    internal static int Run(string path, string? index, string? hash, bool accepts, Output output)
    {
        if (index is null || hash is null || accepts || !SkipNote.TryParse(index, hash, out var wish))
        {
            var why = accepts ? "--accept-loss and --skip-entry mend different things: use one at a time."
                : index is null || hash is null ? "--skip-entry and --hash belong together: the one says where, the other which."
                : $"\"{index}\" is to be the number of an entry, and \"{hash}\" its hash, 16 digits from 0 to f.";
            return output.Fail(
                new Problem("it is not clear which entry is to be left out.", why, "balsa status   (the node that could not apply it says both)"),
                ExitCode.Usage);
        }

        try
        {
            var examiner = DataDirectory.Examine(path);
            if (examiner.Report.Unusable is { } unusable)
                return output.Fail(new Problem(unusable.What, unusable.Why, unusable.Next), ExitCode.Usage);
            if (SkipWriting.Keep(examiner.Report.Path, examiner.Wal, wish) is { } refusal)
            {
                return output.Fail(
                    new Problem($"entry {wish.Index} cannot be left out by this directory.", refusal, $"balsa doctor data {path} --dump"),
                    ExitCode.Failed);
            }
        }
        catch (StorageException problem)
        {
            return output.Fail(
                new Problem("the wish was not kept.", problem.Message, $"balsa doctor data {path}"), ExitCode.Failed);
        }

        Tell(path, wish, output);
        return ExitCode.Done;
    }

    private static void Tell(string path, SkippedEntry wish, Output output)
    {
        output.Line($"Kept: {path} wishes to leave out entry {wish}.");
        output.Line("When a majority of the voters wishes it, they decide it when they run, and every member leaves the entry out:");
        output.Line("do the same in their directories, then start them. Members that run on without the wish are to be restarted after that.");
        output.Object(writer =>
        {
            writer.WriteString("schema", "balsa.doctor.skip/1");
            writer.WriteString("directory", path);
            writer.WriteNumber("index", wish.Index.Value);
            writer.WriteString("hash", wish.HashText);
        });
    }
}

using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Storage;
using Balsa.Storage.Doctor;
using Balsa.Storage.Opening;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>
/// The state of a stopped node as one JSON object, in the shape in which servers of CS 380D kept theirs. The directory is not
/// touched: what a start would make of it is tried out on a copy.
/// </summary>
internal static class StateExport
{
    internal static int Run(DirectoryExaminer examiner, Output output)
    {
        var report = examiner.Report;
        if (report.LogRefusal is { } refusal)
            return output.Fail(new Problem("the state cannot be exported.", refusal, $"balsa doctor data {report.Path}"), ExitCode.Failed);
        var copy = Directory.CreateTempSubdirectory("balsa-export-").FullName;
        try
        {
            Copy(report.Path, copy);
            using var directory = DataDirectory.Open(new OpeningOptions { Path = copy, Wal = examiner.Wal });
            var state = StoredState.Read(directory, report.Log!.Configuration);
            output.Export(writer => Write(writer, state));
            return ExitCode.Done;
        }
        catch (Exception problem) when (problem is StorageException or IOException or UnauthorizedAccessException)
        {
            return output.Fail(
                new Problem("the state cannot be exported.", problem.Message, $"balsa doctor data {report.Path}"), ExitCode.Failed);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Entries count from 0 there. What one directory has may be more than what is committed, so that is said beside it.</summary>
    private static void Write(Utf8JsonWriter writer, StoredState state)
    {
        writer.WriteNumber("current_term", state.Term);
        if (state.VotedFor is { } voted) writer.WriteString("voted_for", voted);
        else writer.WriteNull("voted_for");
        writer.WriteStartArray("log");
        foreach (var entry in state.Log) entry.Write(writer);
        writer.WriteEndArray();
        writer.WriteNumber("commit_index", state.LastIndex);
        writer.WriteNumber("last_applied", state.LastIndex);
        writer.WriteBoolean("commit_index_is_certain", state.IsAlone);
        writer.WriteStartObject("data");
        foreach (var (key, value) in state.Data) writer.WriteString(key, value);
        writer.WriteEndObject();
        WriteZeros(writer, "sent_length", state.Others);
        WriteZeros(writer, "acked_length", state.Others);
        writer.WriteStartObject("request_history");
        foreach (var entry in state.Log)
            if (entry.RequestId != 0) writer.WriteString($"{entry.ClientId}_{entry.RequestId}", entry.Value);
        writer.WriteEndObject();
    }

    /// <summary>What a leader knows of others is gone when it ends.</summary>
    private static void WriteZeros(Utf8JsonWriter writer, string name, IEnumerable<string> members)
    {
        writer.WriteStartObject(name);
        foreach (var member in members) writer.WriteNumber(member, 0);
        writer.WriteEndObject();
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}

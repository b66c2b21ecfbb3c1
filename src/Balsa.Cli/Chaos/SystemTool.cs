using System.ComponentModel;
using System.Diagnostics;

namespace Balsa.Cli.Chaos;

/// <summary>Programs of the operating system that a campaign needs.</summary>
internal static class SystemTool
{
    /// <exception cref="ChaosException">It is missing or failed.</exception>
    internal static void Run(string program, params string[] words)
    {
        if (TryRun(program, words) is { } problem) throw new ChaosException($"{program} {string.Join(' ', words)}: {problem}");
    }

    /// <summary>Null when it succeeded, otherwise what it said.</summary>
    internal static string? TryRun(string program, params string[] words)
    {
        if (PathOf(program) is not { } path) return "there is no such program";
        var info = new ProcessStartInfo(path) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var word in words) info.ArgumentList.Add(word);
        try
        {
            using var process = Process.Start(info)!;
            var results = process.StandardOutput.ReadToEndAsync();
            var messages = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}: {(messages + results.Result).Trim()}";
        }
        catch (Win32Exception problem)
        {
            return problem.Message;
        }
    }

    internal static bool Exists(string program) => PathOf(program) is not null;

    /// <summary>Null when it is not there. The path of an ordinary user leaves out where programs for root lie.</summary>
    internal static string? PathOf(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

/// <summary>A campaign that could not be carried out: nothing is known about what it should have shown.</summary>
internal sealed class ChaosException(string message) : Exception(message);

using System.Diagnostics;
using System.Text.Json;
using Balsa.Cli.Dev;
using Balsa.Raft;

namespace Balsa.Cli.Chaos.Builds;

/// <summary>A build of balsa that can be started: this one, or another one in a directory.</summary>
/// <param name="Command">Program and first arguments.</param>
/// <param name="Version">As it says itself.</param>
/// <param name="FeatureLevel">The highest that it understands.</param>
internal sealed record BuildOnDisk(IReadOnlyList<string> Command, string Version, uint FeatureLevel)
{
    private const string Assembly = "balsa.dll";
    private static readonly string[] Places = ["", "bin/Balsa.Cli/release", "artifacts/bin/Balsa.Cli/release"];

    internal static BuildOnDisk Present { get; } =
        new(SelfCommand.Program, ThisVersion(), RaftOptions.FeatureLevelOfBuild);

    /// <summary>This build once more, in the part of the other one.</summary>
    internal static BuildOnDisk Again() => Present with { Command = [.. Present.Command] };

    /// <summary>Asks the build in a directory who it is.</summary>
    /// <exception cref="ChaosException">There is none, or it does not run.</exception>
    internal static BuildOnDisk In(string directory)
    {
        var assembly = Places.Select(place => Path.GetFullPath(Path.Combine(directory, place, Assembly))).FirstOrDefault(File.Exists)
            ?? throw new ChaosException(
                $"{directory} holds no build of balsa: {Assembly} is neither in it nor in its {string.Join(" or ", Places.Skip(1))}");
        string[] command = [DotNet(), assembly];
        var info = new ProcessStartInfo(command[0], [assembly, "version", "--json"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(info)!;
        var messages = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        try
        {
            using var json = JsonDocument.Parse(said);
            // The first builds do not tell their level; it is the first one.
            var level = json.RootElement.TryGetProperty("featureLevel", out var told) ? told.GetUInt32() : 1;
            return new BuildOnDisk(command, json.RootElement.GetProperty("version").GetString()!, level);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ChaosException($"{assembly} does not say its version: {(messages.Result + said).Trim()}");
        }
    }

    private static string DotNet() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    private static string ThisVersion() => FileVersionInfo
        .GetVersionInfo(Path.Combine(AppContext.BaseDirectory, Assembly)).ProductVersion ?? "unknown";
}

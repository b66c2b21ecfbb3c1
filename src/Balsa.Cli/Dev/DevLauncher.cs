using System.Diagnostics;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Dev;

/// <summary>Starts a dev cluster in the background and waits until it can be used.</summary>
internal static class DevLauncher
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(40);

    /// <summary>The cluster of this user that runs already, if any. What a killed one left behind is removed on the way.</summary>
    public static async Task<DevContext?> FindRunningAsync()
    {
        if (DevContext.Read() is not { } context) return null;
        if (await DevControl.AskAsync(context, "ping", "", TimeSpan.FromSeconds(2)) is not null) return context;
        context.Remove();
        var isOurs = context.IsTemporary && Path.GetFileName(context.DataDirectory).StartsWith("balsa-dev-", StringComparison.Ordinal);
        if (isOurs && Directory.Exists(context.DataDirectory)) Directory.Delete(context.DataDirectory, recursive: true);
        return null;
    }

    public static async Task<int> DetachAsync(IEnumerable<string> words, Output output)
    {
        Directory.CreateDirectory(DevContext.Folder);
        var log = Path.Combine(DevContext.Folder, "dev.log");
        var info = new ProcessStartInfo
        {
            FileName = Environment.ProcessPath!, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in SelfCommand.Words.Concat(words).Concat(["--headless", "--log", log])) info.ArgumentList.Add(word);
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestStart)
        {
            if (DevContext.Read() is { } context && context.Pid == process.Id) return Announce(output, context);
            if (process.HasExited) break;
            await Task.Delay(50);
        }

        if (!process.HasExited) process.Kill();
        var said = File.Exists(log) ? (await File.ReadAllTextAsync(log)).Trim() : "";
        return output.Fail(
            new Problem(
                "the dev cluster did not start.", said.Length > 0 ? said.ReplaceLineEndings(" | ") : "It said nothing.",
                "balsa dev", $"cat {log}"),
            ExitCode.Failed);
    }

    private static int Announce(Output output, DevContext context)
    {
        output.Line($"dev cluster of {context.Nodes.Count} nodes runs in the background (process {context.Pid})");
        output.Line($"  data in {context.DataDirectory}");
        output.Line("  balsa status    balsa put hello world    balsa dev stop");
        output.Object(writer =>
        {
            writer.WriteNumber("pid", context.Pid);
            writer.WriteString("dataDir", context.DataDirectory);
        });
        return ExitCode.Done;
    }
}

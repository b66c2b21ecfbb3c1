using System.Diagnostics;
using Balsa.Cli.Chaos;

namespace Balsa.System.Tests.Clients;

/// <summary>The real etcdctl, as its users run it.</summary>
internal static class Etcdctl
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    internal static void IsNeeded() =>
        Assert.SkipUnless(SystemTool.Exists("etcdctl"), "etcdctl is missing (Debian package etcd-client)");

    internal static Task<CliResult> RunAsync(string endpoints, params string[] words) => RunAsync(endpoints, input: "", words);

    internal static async Task<CliResult> RunAsync(string endpoints, string input, string[] words)
    {
        var info = new ProcessStartInfo("etcdctl")
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var word in (string[])[$"--endpoints={endpoints}", .. words]) info.ArgumentList.Add(word);
        info.Environment["ETCDCTL_API"] = "3";
        using var process = Process.Start(info)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var results = process.StandardOutput.ReadToEndAsync();
        var messages = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Longest);
        return new CliResult(process.ExitCode, await results, await messages);
    }

    /// <summary>Runs it and insists on success; what it printed.</summary>
    internal static async Task<string> DoAsync(string endpoints, params string[] words)
    {
        var result = await RunAsync(endpoints, words);
        Assert.True(result.Code == 0, $"etcdctl {string.Join(' ', words)} ended with {result.Code}: {result.Out} {result.Error}");
        return result.Out;
    }
}

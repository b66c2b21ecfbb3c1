using System.Diagnostics;
using System.Text.Json;

namespace Balsa.System.Tests;

/// <summary>What one run of the command printed, and how it ended.</summary>
internal sealed record CliResult(int Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
}

/// <summary>The built command, run as a user runs it, with a runtime folder of its own.</summary>
internal sealed class Cli : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    /// <summary>Kept apart from the clusters of the user and of other tests.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("balsa-system-").FullName;

    public Process Start(params IEnumerable<string> words) => Process.Start(InfoOf(words))!;

    /// <summary>How it would be started, for whoever has something to add.</summary>
    public ProcessStartInfo InfoOf(IEnumerable<string> words)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "balsa.dll"));
        foreach (var word in words) info.ArgumentList.Add(word);
        info.Environment["BALSA_RUNTIME_DIR"] = Path.Combine(Folder, "run");
        info.Environment.Remove("BALSA_ENDPOINTS");
        return info;
    }

    public async Task<CliResult> RunAsync(params string[] words)
    {
        using var process = Start(words);
        process.StandardInput.Close();
        var results = process.StandardOutput.ReadToEndAsync();
        var messages = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Longest);
        return new CliResult(process.ExitCode, await results, await messages);
    }

    /// <summary>Runs it and insists on success.</summary>
    public async Task<CliResult> DoAsync(params string[] words)
    {
        var result = await RunAsync(words);
        Assert.True(result.Code == 0, $"balsa {string.Join(' ', words)} ended with {result.Code}: {result.Out} {result.Error}");
        return result;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

using System.Diagnostics;
using System.Text.Json;

namespace Balsa.System.Tests;

/// <summary>A running `balsa dev --headless`, stopped by its process id at the end, whatever happened in between.</summary>
internal sealed class DevRun : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);
    private const int Attempts = 3;
    private readonly Cli _cli;
    private readonly Process _process;

    private DevRun(Cli cli, Process process, JsonElement ready)
    {
        (_cli, _process) = (cli, process);
        NodePids = [.. ready.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("pid").GetInt32())];
        Endpoints = string.Join(',', ready.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("client").GetString()));
        DataDirectory = ready.GetProperty("dataDir").GetString()!;
    }

    public int[] NodePids { get; }

    public string Endpoints { get; }

    public string DataDirectory { get; }

    public static async Task<DevRun> StartAsync(Cli cli, params string[] more)
    {
        var said = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var process = cli.Start(["dev", "--headless", "--json", .. more]);
            said = await process.StandardOutput.ReadLineAsync().WaitAsync(Longest) ?? await process.StandardError.ReadToEndAsync();
            var ready = said.StartsWith('{') ? JsonDocument.Parse(said).RootElement : default;
            if (ready.ValueKind == JsonValueKind.Object && ready.TryGetProperty("nodes", out _)) return new DevRun(cli, process, ready);
            // Ports that were free a moment ago may be another test's by now; anything else is a find.
            if (!said.Contains("listen", StringComparison.Ordinal)) break;
        }

        throw new InvalidOperationException($"balsa dev did not start: {said}");
    }

    public async Task<JsonElement> StatusAsync() => (await _cli.DoAsync("status", "--json")).Json;

    /// <summary>Polls until the status is as wanted; fails with the last one at the deadline.</summary>
    public async Task<JsonElement> WaitForAsync(string what, Func<JsonElement, bool> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = await StatusAsync();
            if (isSo(status)) return status;
            Assert.True(Stopwatch.GetElapsedTime(started) < Longest, $"not {what} in time: {status}");
        }
    }

    public Task<JsonElement> WaitUntilHealthyAsync() => WaitForAsync("healthy and level", status =>
        status.GetProperty("health").GetString() == "healthy"
        && status.GetProperty("members").EnumerateArray().Select(member =>
            member.GetProperty("applied").GetUInt64()).Distinct().Count() == 1);

    /// <summary>SIGKILL to whoever leads; its name.</summary>
    public async Task<string> KillLeaderAsync()
    {
        var status = await WaitForAsync("led", found => found.GetProperty("leader").ValueKind == JsonValueKind.String);
        var name = status.GetProperty("leader").GetString()!;
        var pid = status.GetProperty("members").EnumerateArray().Single(member =>
            member.GetProperty("name").GetString() == name).GetProperty("pid").GetInt32();
        using var leader = Process.GetProcessById(pid);
        leader.Kill();
        return name;
    }

    public void KillHolder() => _process.Kill();

    /// <summary>True when none of the nodes' processes is left.</summary>
    public static async Task<bool> AllEndedAsync(IEnumerable<int> pids)
    {
        using var limit = new CancellationTokenSource(Longest);
        foreach (var pid in pids)
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                await process.WaitForExitAsync(limit.Token);
            }
            catch (ArgumentException)
            {
                // Ended already.
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await _cli.RunAsync("dev", "stop");
            using var limit = new CancellationTokenSource(Longest);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }
}

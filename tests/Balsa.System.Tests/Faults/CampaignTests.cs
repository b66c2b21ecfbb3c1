using System.Diagnostics;
using System.Globalization;
using Balsa.Cli.Chaos;

namespace Balsa.System.Tests.Faults;

/// <summary>Short campaigns; `balsa chaos --rounds 200` is a long one.</summary>
[Collection(Alone.Name)]
public sealed class CampaignTests(ITestOutputHelper report)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    [Row("S1-01", "S1-23")]
    public async Task Kills_pauses_and_restarts_lose_nothing_and_double_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "processes are paused by signals");
        using var cli = new Cli();
        var history = Path.Combine(cli.Folder, "history.jsonl");
        var ended = await cli.DoAsync("chaos", "--rounds", "8", "--time-limit", "12s", "--seed", "1", "--history", history, "--json");
        var found = ended.Json;
        report.WriteLine($"{found}");
        Assert.Equal("linearizable", found.GetProperty("verdict").GetString());
        Assert.True(found.GetProperty("rounds").GetInt32() > 0 && found.GetProperty("acknowledged").GetInt32() > 50, ended.Out);
        foreach (var zero in new[] { "lost", "doubled" }) Assert.Equal(0, found.GetProperty(zero).GetInt32());
        var rounds = found.GetProperty("faults").EnumerateObject().Sum(kind => kind.Value.GetInt32());
        Assert.Equal(found.GetProperty("rounds").GetInt32(), rounds);
        Assert.False(Directory.Exists(FolderOf(ended)), "a good campaign leaves nothing behind");
        var again = (await cli.DoAsync("check", history, "--json")).Json;
        Assert.Equal("revisions", again.GetProperty("oracle").GetString());
        Assert.Equal(found.GetProperty("operations").GetInt32(), again.GetProperty("operations").GetInt32());
    }

    [Theory]
    [InlineData("StaleReads", "verdict")]
    [InlineData("LostKey", "lost")]
    [InlineData("DoubledToken", "doubled")]
    [InlineData("DoubledWrite", "doubled")]
    public async Task A_campaign_notices_what_is_wrong_and_keeps_the_evidence(string harm, string key)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "processes are paused by signals");
        using var cli = new Cli();
        // A leader that was paused answers from an earlier state.
        var ended = await cli.RunAsync("chaos", "--rounds", "1", "--only", "PauseLeader", "--harm", harm, "--json");
        Assert.True(ended.Code == 1, $"{ended.Code}: {ended.Out} {ended.Error}");
        var found = ended.Json.GetProperty(key);
        Assert.Equal(key == "verdict" ? "\"not-linearizable\"" : "1", found.GetRawText());
        var folder = FolderOf(ended);
        Assert.Contains($"kept: {folder}", ended.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "history.jsonl")) && File.Exists(Path.Combine(folder, "n1.log")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Row("S2-11")]
    public async Task Operators_who_stop_move_and_replace_the_leader_make_no_operation_fail()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "processes are stopped by signals");
        using var cli = new Cli();
        var found = (await cli.DoAsync("chaos", "maintenance", "--rounds", "3", "--json")).Json;
        report.WriteLine($"{found}");
        Assert.Equal(0, found.GetProperty("failed").GetInt32());
        Assert.True(found.GetProperty("operations").GetInt32() > 100);
        var steps = found.GetProperty("steps").EnumerateObject().Select(step => step.Name);
        Assert.Equal(["stopLeader", "moveLeader", "swapLeader"], steps);
    }

    [Fact]
    public async Task An_interrupted_campaign_ends_its_processes_and_removes_its_data()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked for in /proc");
        using var cli = new Cli();
        using var process = cli.Start("chaos", "--rounds", "1000", "--json");
        try
        {
            await InterruptAsync(process);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task InterruptAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Longest);
        var said = "";
        while (!said.Contains("round 1:", StringComparison.Ordinal))
            said += await process.StandardError.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException(said);
        var folder = FolderOf(new CliResult(0, "", said));
        SystemTool.Run("kill", IgnoresInterrupts(process.Id) ? "-TERM" : "-INT", process.Id.ToString(CultureInfo.InvariantCulture));
        var rest = process.StandardError.ReadToEndAsync(limit.Token);
        var printed = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {printed} {await rest}");
        Assert.True(new CliResult(0, printed, "").Json.GetProperty("rounds").GetInt32() >= 1);
        Assert.False(Directory.Exists(folder));
        Assert.DoesNotContain(Process.GetProcesses(), other => CommandLineOf(other.Id).Contains(folder, StringComparison.Ordinal));
    }

    /// <summary>A shell makes what it starts in the background ignore SIGINT, and what that starts does the same.</summary>
    private static bool IgnoresInterrupts(int pid)
    {
        const ulong Interrupt = 1UL << (2 - 1);
        var ignored = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim();
        return (ulong.Parse(ignored, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }

    private static string FolderOf(CliResult ended)
    {
        const string Before = "data in ";
        var start = ended.Error.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        // A line of its own; where lines were joined, the name ends after the letters that were drawn for it.
        var end = ended.Error.IndexOf("balsa-chaos-", start, StringComparison.Ordinal) + "balsa-chaos-".Length + 6;
        return ended.Error[start..end];
    }

    private static string CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

using Balsa.System.Tests;
using Command = Balsa.System.Tests.Cli;

namespace Balsa.Course.Tests.Raftkv;

/// <summary>
/// The harness of CS 380D, once in each form. More rounds are a command: <c>balsa harness --rounds 20</c>, with
/// <c>--form iptables</c> for the other form.
/// </summary>
[Collection(Controllers.Processes.Name)]
public sealed class HarnessTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);

    [Fact]
    [Row("S2-52", "S2-53", "S2-54", "S2-55", "S2-56", "S2-57", "S2-28", "S2-58", "S2-59", "S2-62", "S2-63")]
    [Row("S2-64", "S2-65", "S2-66", "S2-67", "S2-68", "S2-69", "S2-70", "S2-71", "S2-72", "S2-75")]
    [Row("M2-33", "M2-35")]
    public async Task The_form_with_kills_is_green()
    {
        var result = await RunAsync("kill");
        AssertGreen(result);
        foreach (var line in (string[])
            ["The last leader is ", "Load throughput = ", "Run throughput = ", "Request count = 10", "Leader before blocking ports is ",
                "Leader after blocking ports is ", "The new leader is ", "pkill -9 -f raftserver", "Server 6 added", "Server 1 removed"])
            Assert.Contains(line, result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("We made progress despite having a minority!", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    [Row("S2-60", "S2-61", "S2-63", "S2-64", "S2-36", "S2-73", "S2-75", "M2-33", "M2-34")]
    public async Task The_form_with_filters_is_green_as_one_sequence()
    {
        var result = await RunAsync("iptables");
        Assert.SkipWhen(result.Code == 10 && result.Error.Contains("skipped: ", StringComparison.Ordinal), result.Error.Trim());
        AssertGreen(result);
        Assert.DoesNotContain("We made progress despite having a minority!", result.Out, StringComparison.Ordinal);
    }

    private static void AssertGreen(CliResult result)
    {
        Assert.True(result.Code == 0, $"{result.Out}\n{result.Error}");
        Assert.Contains("1 of 1 rounds green", result.Out, StringComparison.Ordinal);
        Assert.Contains("linearizable", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("[Error", result.Out, StringComparison.Ordinal);
    }

    private static async Task<CliResult> RunAsync(string form)
    {
        using var cli = new Command();
        using var process = cli.Start("harness", "--form", form);
        process.StandardInput.Close();
        var (results, messages) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Longest);
        return new CliResult(process.ExitCode, await results, await messages);
    }
}

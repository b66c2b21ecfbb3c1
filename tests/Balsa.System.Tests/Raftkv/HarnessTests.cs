namespace Balsa.System.Tests.Raftkv;

/// <summary>
/// The harness of CS 380D, once in each form. More rounds are a command: <c>balsa harness --rounds 20</c>, with
/// <c>--form iptables</c> for the other form.
/// </summary>
[Collection(Faults.Alone.Name)]
public sealed class HarnessTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);

    [Fact]
    [Trait("Row", "S2-52")]
    [Trait("Row", "S2-53")]
    [Trait("Row", "S2-54")]
    [Trait("Row", "S2-55")]
    [Trait("Row", "S2-56")]
    [Trait("Row", "S2-57")]
    [Trait("Row", "S2-58")]
    [Trait("Row", "S2-59")]
    [Trait("Row", "S2-62")]
    [Trait("Row", "S2-63")]
    [Trait("Row", "S2-64")]
    [Trait("Row", "S2-65")]
    [Trait("Row", "S2-66")]
    [Trait("Row", "S2-67")]
    [Trait("Row", "S2-68")]
    [Trait("Row", "S2-69")]
    [Trait("Row", "S2-70")]
    [Trait("Row", "S2-71")]
    [Trait("Row", "S2-72")]
    [Trait("Row", "S2-75")]
    [Trait("Row", "M2-33")]
    [Trait("Row", "M2-35")]
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
    [Trait("Row", "S2-60")]
    [Trait("Row", "S2-61")]
    [Trait("Row", "S2-63")]
    [Trait("Row", "S2-64")]
    [Trait("Row", "S2-73")]
    [Trait("Row", "S2-75")]
    [Trait("Row", "M2-33")]
    [Trait("Row", "M2-34")]
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
        using var cli = new Cli();
        using var process = cli.Start("harness", "--form", form);
        process.StandardInput.Close();
        var (results, messages) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Longest);
        return new CliResult(process.ExitCode, await results, await messages);
    }
}

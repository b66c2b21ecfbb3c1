using System.Diagnostics;

namespace Balsa.Hosting.Tests.Clusters;

/// <summary>The first program that a reader sees.</summary>
public sealed class HelloTests
{
    [Fact]
    public async Task The_hello_world_of_the_documentation_survives_its_leader()
    {
        var start = new ProcessStartInfo("dotnet", Samples.PathOf("Hello")) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal((0, "40\n42\n42\n"), (process.ExitCode, printed.ReplaceLineEndings("\n")));
    }

    [Fact]
    public void The_documentation_shows_the_program_that_runs()
    {
        var program = File.ReadAllText(Samples.Source("samples/Hello/Program.cs"));

        Assert.Contains(program, File.ReadAllText(Samples.Source("docs/embedding.md")), StringComparison.Ordinal);
        Assert.InRange(program.Split('\n').Length, 10, 17);
    }
}

using System.Diagnostics;
using System.Net;

namespace Balsa.Course.Tests.Images;

/// <summary>
/// The services of a compose file as processes with the very words and variables of the file. Each has a loopback address of its own in
/// place of its container's, so that the ports stay what they are; only hosts, networks and the folder of the data are exchanged.
/// </summary>
internal sealed class ServicesAsProcesses(ComposeFile file) : IDisposable
{
    private readonly Dictionary<string, Process> _running = [];

    internal Balsa.System.Tests.Cli Cli { get; } = new();

    /// <summary>Other runs of these tests on the machine have other networks.</summary>
    private static string Network { get; } = $"127.{64 + Environment.ProcessId % 128}.{Environment.ProcessId / 128 % 250}";

    internal static IPAddress AddressOf(ComposeService service) => IPAddress.Parse(TextOf(service));

    internal void Start(ComposeService service)
    {
        var process = Process.Start(InfoOf(service, [.. service.Command, "--stop-with-parent"]))!;
        _running.Add(service.Name, process);
        // Nobody reads what it says, and a full pipe would stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal bool IsRunning(ComposeService service) => !_running[service.Name].HasExited;

    internal async Task<int> EndAsync(ComposeService service)
    {
        await _running[service.Name].WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _running[service.Name].ExitCode;
    }

    /// <summary>What the engine would run to see whether the service is well; 0 is healthy.</summary>
    internal Task<(int Code, string Out)> HealthAsync(ComposeService service) => RunAsync(service, service.HealthTest.Skip(2));

    internal async Task<(int Code, string Out)> RunAsync(ComposeService service, IEnumerable<string> words)
    {
        using var process = Process.Start(InfoOf(service, words))!;
        process.StandardInput.Close();
        var told = process.StandardOutput.ReadToEndAsync();
        var complaints = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await told + await complaints);
    }

    public void Dispose()
    {
        foreach (var process in _running.Values)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Cli.Dispose();
    }

    private ProcessStartInfo InfoOf(ComposeService service, IEnumerable<string> words)
    {
        var info = Cli.InfoOf(words.Select(word => Here(service, word)));
        foreach (var (name, value) in service.Environment) info.Environment[name] = Here(service, value);
        return info;
    }

    private string Here(ComposeService service, string text)
    {
        if (text == "/var/lib/balsa") return Path.Combine(Cli.Folder, service.Name);
        if (file.Subnet is { } subnet) text = text.Replace(subnet, "127.0.0.0/8", StringComparison.Ordinal);
        foreach (var other in file.Services)
        {
            text = text.Replace($"//{other.Name}:", $"//{TextOf(other)}:", StringComparison.Ordinal)
                .Replace($"={other.Name}:", $"={TextOf(other)}:", StringComparison.Ordinal);
            if (other.Address is { } address) text = text.Replace(address, TextOf(other), StringComparison.Ordinal);
        }

        return text.Replace("0.0.0.0", TextOf(service), StringComparison.Ordinal)
            .Replace("127.0.0.1", TextOf(service), StringComparison.Ordinal);
    }

    private static string TextOf(ComposeService service) =>
        service.Name == "controller" ? $"{Network}.20" : $"{Network}.1{service.Name[^1]}";
}

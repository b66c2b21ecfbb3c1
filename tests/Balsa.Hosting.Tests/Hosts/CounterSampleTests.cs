using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Balsa.Hosting.Local;

namespace Balsa.Hosting.Tests.Hosts;

/// <summary>The sample as its README tells: three processes, one of which is killed.</summary>
public sealed class CounterSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("balsa-hosting-").FullName;
    private readonly IReadOnlyList<int> _ports = FreePorts.Take(6);
    private readonly Dictionary<string, Process> _processes = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        foreach (var process in _processes.Values)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Three_processes_count_on_when_the_leader_is_killed()
    {
        for (var number = 1; number <= 3; number++) Start(number);
        await Eventually.HoldsAsync(() => TryGetAsync(1, "/raft/status"), text => text is not null);

        Assert.Equal("40", await PostAsync(1, "/add/40"));
        using var status = JsonDocument.Parse((await TryGetAsync(1, "/raft/status"))!);
        var leader = int.Parse(status.RootElement.GetProperty("leader").GetString()![1..]);
        Assert.Equal($"n{leader}", await TryGetAsync(leader, "/raft/leader"));
        _processes[$"n{leader}"].Kill();
        var other = leader % 3 + 1;

        Assert.Equal("42", await PostAsync(other, "/add/2"));
        Assert.Equal("42", await TryGetAsync((leader + 1) % 3 + 1, "/"));
        Assert.Equal("Healthy", await TryGetAsync(other, "/health"));

        await _processes[$"n{leader}"].WaitForExitAsync();
        Start(leader);
        await Eventually.HoldsAsync(() => TryGetAsync(leader, "/"), text => text == "42");
    }

    private void Start(int number)
    {
        var name = $"n{number}";
        List<string> arguments =
        [
            Samples.PathOf("Counter"), "--urls", $"http://127.0.0.1:{_ports[number + 2]}", "--Raft:NodeId", name,
            "--Raft:DataDirectory", Path.Combine(_folder, name),
        ];
        for (var peer = 1; peer <= 3; peer++) arguments.AddRange([$"--Raft:Peers:n{peer}", $"127.0.0.1:{_ports[peer - 1]}"]);
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Path.GetDirectoryName(Samples.PathOf("Counter")), UseShellExecute = false, RedirectStandardOutput = true,
        };
        if (_processes.Remove(name, out var former)) former.Dispose();
        var process = Process.Start(start)!;
        // What it says must be read, or it stops when the pipe is full.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        _processes.Add(name, process);
    }

    private async Task<string> PostAsync(int number, string path)
    {
        using var response = await _http.PostAsync(AddressOf(number, path), null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Null while nobody answers there.</summary>
    private async Task<string?> TryGetAsync(int number, string path)
    {
        try
        {
            using var response = await _http.GetAsync(AddressOf(number, path));
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private Uri AddressOf(int number, string path) => new($"http://127.0.0.1:{_ports[number + 2]}{path}");
}

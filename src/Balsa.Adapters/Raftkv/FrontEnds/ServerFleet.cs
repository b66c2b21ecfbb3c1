using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Balsa.Adapters.Raftkv.FrontEnds;

/// <summary>
/// The servers of a front end: started, replaced and ended by it, each a process of its own. Only its own processes are ever ended.
/// No command line or path names a server but that server's own, so that it can be found by its name.
/// </summary>
public sealed class ServerFleet : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2), LongestGoodbye = TimeSpan.FromSeconds(5);
    private readonly FrontEndOptions _options;
    private readonly FleetFiles _files;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, ServerChild> _children = [];
    private RaftkvPorts _ports;
    private string _token = "";

    public ServerFleet(FrontEndOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Directory.CreateDirectory(options.Directory);
        _files = new FleetFiles(options.Directory);
        _ports = new RaftkvPorts(options.BasePort, 0, options.SourcePorts);
        _files.EndLeftovers(options.Note);
        WriteFiles();
    }

    /// <summary>The servers of the cluster, running or not.</summary>
    internal IReadOnlyList<int> Numbers
    {
        get { lock (_gate) return [.. _children.Keys]; }
    }

    internal RaftkvPorts Ports => _ports;

    /// <summary>Ends the cluster that there was and starts another one with empty directories. Servers find each other alone.</summary>
    /// <exception cref="FleetException">One of them cannot be started; then none runs.</exception>
    internal Task StartAllAsync(int count) => InTurnAsync(async () =>
    {
        if (count is < 1 or > RaftkvPorts.ServersMax)
            throw FleetException.NotStarted(count, $"a cluster has 1 to {RaftkvPorts.ServersMax} servers");
        await EndAllAsync();
        (_token, _ports) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), _ports with { Size = count });
        ForgetData();
        var numbers = Enumerable.Range(1, count).ToList();
        foreach (var number in numbers) CheckPort(number);
        try
        {
            lock (_gate)
                foreach (var number in numbers) _children[number] = Child(number, joins: false);
            await Task.WhenAll(numbers.Select(number => Task.Run(_children[number].Start)));
        }
        catch (FleetException)
        {
            await EndAllAsync();
            throw;
        }

        WriteFiles();
    });

    /// <summary>Starts one server again, with the data that it had. One that runs is left alone.</summary>
    internal Task StartOneAsync(int number) => InTurnAsync(() =>
    {
        ServerChild? old;
        lock (_gate) _children.TryGetValue(number, out old);
        if (old is null) throw FleetException.NotStarted(number, $"there is no such server; there are {string.Join(", ", Numbers)}");
        if (old.IsAlive) return Task.CompletedTask;
        CheckPort(number);
        Replace(number, Child(number, joins: false));
        return Task.CompletedTask;
    });

    /// <summary>Starts a server that the cluster has a place for. What an earlier one of its number has left is not its own.</summary>
    internal Task StartNewAsync(int number) => InTurnAsync(() =>
    {
        CheckPort(number);
        if (Directory.Exists(DataOf(number))) Directory.Delete(DataOf(number), recursive: true);
        Replace(number, Child(number, joins: true));
        return Task.CompletedTask;
    });

    /// <summary>The cluster goes on without it. It ends by itself when it hears of that.</summary>
    internal Task ForgetAsync(int number) => InTurnAsync(async () =>
    {
        ServerChild? gone;
        lock (_gate) _children.Remove(number, out gone);
        WriteFiles();
        if (gone is null) return;
        await gone.LetEndAsync(LongestGoodbye);
        gone.Dispose();
    });

    public async ValueTask DisposeAsync()
    {
        await InTurnAsync(EndAllAsync);
        _turn.Dispose();
    }

    private void Replace(int number, ServerChild child)
    {
        lock (_gate)
        {
            if (_children.TryGetValue(number, out var old)) old.Dispose();
            _children[number] = child;
        }

        child.Start();
        WriteFiles();
    }

    private ServerChild Child(int number, bool joins)
    {
        List<string> words =
        [
            "node", $"raftserver{number}", "--size", Text(_ports.Size), "--base-port", Text(_ports.BasePort),
            "--source-ports", RuleText(_ports.Rule), "--dir", _options.Directory,
            "--data-dir", DataOf(number), "--token", _token, "--stop-with-parent",
            .. _options.ServerFlags,
        ];
        if (joins) words.Add("--join");
        return new ServerChild(number, _options, words, () =>
        {
            lock (_gate) _files.WriteLiving(_children.Values);
        });
    }

    private string DataFolder => Path.Combine(_options.Directory, "data");

    private string DataOf(int number) => Path.Combine(DataFolder, $"{_token}-{number}");

    private static string RuleText(SourcePortRule rule) =>
        rule switch { SourcePortRule.Harness => "harness", SourcePortRule.SkipSelf => "skip-self", _ => "none" };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Before anything is started, so that the answer can name the server.</summary>
    private void CheckPort(int number)
    {
        var address = _ports.AddressOf(number);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            // Two sockets may share an address until one of them listens.
            socket.Listen();
        }
        catch (SocketException taken)
        {
            throw FleetException.NotStarted(number, $"port {address.Port} cannot be used: {taken.Message}");
        }
    }

    /// <summary>Of earlier clusters. Renamed at once, so that nothing can be mistaken for new; removed when there is time.</summary>
    private void ForgetData()
    {
        if (!Directory.Exists(DataFolder)) return;
        var old = Path.Combine(_options.Directory, $"old-{_token}");
        Directory.Move(DataFolder, old);
        _ = Task.Run(() =>
        {
            try
            {
                Directory.Delete(old, recursive: true);
            }
            catch (IOException problem)
            {
                _options.Note($"{old} cannot be removed: {problem.Message}");
            }
        });
    }

    private async Task EndAllAsync()
    {
        ServerChild[] all;
        lock (_gate) all = [.. _children.Values];
        await Task.WhenAll(all.Select(child => child.EndAsync(LongestEnd)));
        lock (_gate) _children.Clear();
        foreach (var child in all) child.Dispose();
        WriteFiles();
    }

    private void WriteFiles()
    {
        lock (_gate) _files.Write(_children.Values, _ports);
    }

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}

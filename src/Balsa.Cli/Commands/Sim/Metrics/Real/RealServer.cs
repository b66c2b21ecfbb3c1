using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Balsa.Cli.Dev;
using Balsa.Cli.Dev.Faults;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Cli.Commands.Sim.Metrics.Real;

/// <summary>One server as a process, and the hub's socket for it. Where it listens it has to say itself.</summary>
internal sealed class RealServer : IDisposable
{
    private readonly Experiment _experiment;
    private readonly string _folder;
    private readonly Action<RealServer, Process> _ended;
    private readonly Action<string> _said;
    private Process? _process;

    public RealServer(int number, Experiment experiment, string folder, Action<RealServer, Process> ended, Action<string> said)
    {
        (Number, _experiment, _folder, _ended, _said) = (number, experiment, folder, ended, said);
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int Number { get; }

    public string Name => MetricsHub.NameOf(Number);

    public Socket Socket { get; }

    /// <summary>Null until it has said hello.</summary>
    public EndPoint? Address { get; set; }

    public bool IsThis(Process process) => ReferenceEquals(_process, process);

    public void Start()
    {
        var info = new ProcessStartInfo
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
            FileName = _experiment.IsBuiltin ? Environment.ProcessPath! : _experiment.ServerCode,
        };
        foreach (var word in Words()) info.ArgumentList.Add(word);
        var process = new Process { StartInfo = info, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.Exited += (_, _) => _ended(this, process);
        _process = process;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public void Kill()
    {
        Address = null;
        if (_process is not { HasExited: false } process) return;
        process.Kill();
    }

    /// <summary>In good order: its standard input ends, which it takes for the end of its parent.</summary>
    public void Stop()
    {
        Address = null;
        if (_process is { HasExited: false } process) process.StandardInput.Close();
    }

    public void Pause()
    {
        if (_process is { HasExited: false } process) ProcessSignals.TryPause(process.Id);
    }

    public void Resume()
    {
        if (_process is { HasExited: false } process) ProcessSignals.TryResume(process.Id);
    }

    public void Dispose()
    {
        Kill();
        _process?.WaitForExit();
        Socket.Dispose();
    }

    private IEnumerable<string> Words()
    {
        var port = ((IPEndPoint)Socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        var others = Enumerable.Range(0, _experiment.Servers).Where(server => server != Number).Select(MetricsHub.NameOf);
        if (!_experiment.IsBuiltin) return [port, Name, .. others];
        return
        [
            .. SelfCommand.Words, "lan", port, Name, .. others, "--data-dir", Path.Combine(_folder, Name), "--stop-with-parent",
            "--heartbeat-interval", Word(_experiment.HeartbeatMs), "--election-timeout", Word(_experiment.ElectionTimeoutMs),
        ];
    }

    private void Say(string? line)
    {
        if (line is not null) _said($"  S_ID {Name}]: {line}");
    }

    private static string Word(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}

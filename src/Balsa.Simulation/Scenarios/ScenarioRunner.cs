using Balsa.Raft.Probes;
using Balsa.Simulation.Scenarios.Cluster;
using Balsa.Simulation.Scenarios.Commands;

namespace Balsa.Simulation.Scenarios;

/// <summary>Plays scripts over a small cluster of real cores and real executors, and writes down what happens.</summary>
public sealed class ScenarioRunner<TProbe> where TProbe : struct, IProbe
{
    /// <summary>Commands that change nothing; what waits has been told after the last one that did.</summary>
    private static readonly string[] Looks = ["status", "log", "state", "peers", "rejections", "expect-none", "watch", "options", "plan"];
    private readonly ScenarioCluster<TProbe> _cluster;
    private readonly SortedDictionary<string, Action<CommandLine>> _commands = new(StringComparer.Ordinal);

    public ScenarioRunner(Func<TProbe> probeFactory)
    {
        ArgumentNullException.ThrowIfNull(probeFactory);
        _cluster = new ScenarioCluster<TProbe>(probeFactory);
        new LifeCommands<TProbe>(_cluster).AddTo(_commands);
        new ClientCommands<TProbe>(_cluster).AddTo(_commands);
        new NetworkCommands<TProbe>(_cluster).AddTo(_commands);
        new DiskCommands<TProbe>(_cluster).AddTo(_commands);
        new ForgeryCommands<TProbe>(_cluster).AddTo(_commands);
        new ViewCommands<TProbe>(_cluster).AddTo(_commands);
    }

    internal ScenarioCluster<TProbe> Cluster => _cluster;

    /// <summary>Carries out one command, lets the cluster come to rest, and says in words what happened.</summary>
    public IReadOnlyList<string> Play(string command)
    {
        try
        {
            var line = CommandLine.Parse(command);
            if (!_commands.TryGetValue(line.Name, out var carryOut))
                throw new ScenarioException($"there is no command '{line.Name}'; there are {string.Join(", ", _commands.Keys)}.");
            _cluster.Network.LoseTo(line.Nodes("lose"));
            carryOut(line);
            _cluster.Settle();
            _cluster.Network.LoseTo([]);
        }
        catch (ScenarioException mistake)
        {
            _cluster.Narrator.Tell($"cannot: {mistake.Message}");
        }
        if (!Looks.Contains(command.Split(' ')[0])) TellWhatWaits();
        var lines = _cluster.Narrator.TakeLines();
        return lines.Count > 0 ? lines : ["nothing happened"];
    }

    private void TellWhatWaits()
    {
        foreach (var node in _cluster.Nodes)
        {
            if (!node.IsRunning || node.Disk.Unsynced == 0) continue;
            var held = node.HeldEffects switch { 0 => "", 1 => "; 1 effect waits for it", var n => $"; {n} effects wait for it" };
            _cluster.Narrator.Tell($"not on the disk of {node.Id} yet: {string.Join(", then ", node.Disk.UnsyncedWords)}{held}");
        }
        foreach (var letter in _cluster.Network.Letters) _cluster.Narrator.Tell($"on the way: {Wording.Of(letter)}");
        foreach (var transfer in _cluster.Transfers.Running)
            _cluster.Narrator.Tell($"on the way: {transfer.From}->{transfer.To} snapshot {transfer.Image.Id}");
    }
}

using System.Globalization;
using Balsa.Adapters.Raftkv;
using Balsa.Cli.Chaos;

namespace Balsa.Cli.Harness;

/// <summary>Rules of iptables that drop what one server sends to another: those of the course, word for word.</summary>
internal sealed class PortFilters
{
    private readonly HashSet<(int Target, int Source)> _blocked = [];

    internal void Block(RaftkvPorts ports, int source, int target) => Change(PairOf(ports, source, target), isBlocked: true);

    internal void Unblock(RaftkvPorts ports, int source, int target) => Change(PairOf(ports, source, target), isBlocked: false);

    internal void Clear()
    {
        foreach (var pair in _blocked.ToArray()) Change(pair, isBlocked: false);
    }

    /// <exception cref="ChaosException">The rule was not taken, so nothing would be shown.</exception>
    private void Change((int Target, int Source) pair, bool isBlocked)
    {
        if (isBlocked ? !_blocked.Add(pair) : !_blocked.Remove(pair)) return;
        SystemTool.Run(
            "iptables", isBlocked ? "-I" : "-D", "INPUT", "-p", "tcp", "--dport", Text(pair.Target), "--sport", Text(pair.Source),
            "-i", "lo", "-j", "DROP");
    }

    private static (int Target, int Source) PairOf(RaftkvPorts ports, int source, int target) =>
        (ports.AddressOf(target).Port, ports.SourcePort(source, target));

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

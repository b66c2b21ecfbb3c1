using System.Globalization;
using System.Net;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Chaos.Networks;

/// <summary>
/// A network namespace for each node and two bridges between them: over one the nodes talk to each other, over the other clients
/// reach them. So a node that is cut off from the others can still be asked what it believes. The bridges lie in a namespace of
/// their own, and of the machine's own network only one interface is ours.
/// </summary>
internal sealed class NodeNetworks : IDisposable
{
    private const int NumbersMax = 250, ClientPort = 2379, PeerPort = 2380;

    /// <summary>Nobody has this address, so what is sent to it is lost without a word, as on a broken cable.</summary>
    private const string NobodysAddress = "02:00:00:00:00:01";

    private readonly int _nodes;
    private readonly string _prefix = Namespaces.NewPrefix();
    private readonly HashSet<(int From, int To)> _lostWays = [];
    private readonly HashSet<int> _cutOff = [];
    private int? _number;

    private NodeNetworks(int nodes) => _nodes = nodes;

    private string Hub => _prefix + "hub";

    /// <summary>Null when it can be done here.</summary>
    internal static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux()) return "only Linux has network namespaces";
        if (!Environment.IsPrivilegedProcess) return "only root may make network namespaces";
        if (!SystemTool.Exists(Namespaces.Tool)) return $"the program {Namespaces.Tool} is missing (Debian package iproute2)";
        try
        {
            Create(1).Dispose();
            return null;
        }
        catch (ChaosException problem)
        {
            return problem.Message;
        }
    }

    /// <exception cref="ChaosException">The system does not allow it.</exception>
    internal static NodeNetworks Create(int nodes)
    {
        Namespaces.Sweep();
        var networks = new NodeNetworks(nodes);
        try
        {
            networks.Build();
            return networks;
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>Where other nodes reach this one. Nodes are counted from 0.</summary>
    internal IPEndPoint PeerAddress(int node) => new(IPAddress.Parse(PeerText(node)), PeerPort);

    /// <summary>Where clients reach it.</summary>
    internal IPEndPoint ClientAddress(int node) => new(IPAddress.Parse(ClientText(node)), ClientPort);

    /// <summary>What starts a process in the network of a node.</summary>
    internal IReadOnlyList<string> Launcher(int node) => Namespaces.Launcher(Space(node));

    /// <summary>The same nodes, each in a network of its own.</summary>
    internal DevPlan Place(DevPlan plan) => plan with
    {
        Members = [.. plan.Members.Select((member, i) => member with
        {
            Peer = PeerAddress(i), Client = ClientAddress(i), Launcher = Launcher(i),
        })],
    };

    /// <summary>Nothing passes between the node and the others, in either direction. Clients still reach it.</summary>
    internal void CutOff(int node)
    {
        _cutOff.Add(node);
        Namespaces.Run(Hub, $"link set p{node} down");
    }

    /// <summary>What one sends to the other is lost. What the other sends still arrives.</summary>
    internal void LoseWay(int from, int to)
    {
        _lostWays.Add((from, to));
        Namespaces.Run(Space(from), $"neigh replace {PeerText(to)} lladdr {NobodysAddress} dev peers nud permanent");
    }

    /// <summary>All cables are whole again.</summary>
    internal void Heal()
    {
        foreach (var node in _cutOff) Namespaces.Run(Hub, $"link set p{node} up");
        foreach (var (from, to) in _lostWays) Namespaces.Run(Space(from), $"neigh del {PeerText(to)} dev peers");
        _cutOff.Clear();
        _lostWays.Clear();
    }

    /// <summary>What lies in a namespace goes with it. A process that still runs in one keeps it until it ends.</summary>
    public void Dispose()
    {
        if (_number is { } number) Namespaces.Forget($"link del {Outside(number)}");
        foreach (var space in Namespaces.With(_prefix)) Namespaces.Forget($"netns del {space}");
    }

    private string Space(int node) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}n{node + 1}");

    // These ranges are set aside for trials of networks, so no real one is hidden by them.
    private string ClientText(int node) => string.Create(CultureInfo.InvariantCulture, $"198.18.{_number}.{node + 1}");

    private string PeerText(int node) => string.Create(CultureInfo.InvariantCulture, $"198.19.{_number}.{node + 1}");

    /// <summary>The end of the clients' cable in the network of the machine.</summary>
    private static string Outside(int number) => string.Create(CultureInfo.InvariantCulture, $"balsa{number}");

    private void Build()
    {
        Namespaces.Run(null, [.. Enumerable.Range(0, _nodes).Select(Space).Append(Hub).Select(space => $"netns add {space}")]);
        var number = TakeNumber();
        Namespaces.Run(Hub, [.. Bridges(), "link set outside master clients up"]);
        Namespaces.Run(null, $"addr add 198.18.{number}.254/24 dev {Outside(number)}", $"link set {Outside(number)} up");
        for (var node = 0; node < _nodes; node++)
        {
            Namespaces.Run(
                Space(node), "link set lo up", $"addr add {PeerText(node)}/24 dev peers", $"addr add {ClientText(node)}/24 dev clients",
                "link set peers up", "link set clients up");
        }
    }

    /// <summary>The name of the interface decides who has a number: the system gives it to one only.</summary>
    private int TakeNumber()
    {
        var (first, problem) = (Random.Shared.Next(NumbersMax), "");
        for (var i = 0; i < NumbersMax; i++)
        {
            var number = (first + i) % NumbersMax;
            var refusal = Namespaces.TryRun(null, $"link add {Outside(number)} type veth peer name outside netns {Hub}");
            if (refusal is null) return (_number = number).Value;
            problem = refusal;
            if (!refusal.Contains("exists", StringComparison.Ordinal)) break;
        }

        throw new ChaosException($"no network for clients can be made: {problem}");
    }

    private IEnumerable<string> Bridges()
    {
        foreach (var bridge in new[] { "peers", "clients" })
        {
            yield return $"link add {bridge} type bridge";
            yield return $"link set {bridge} up";
            for (var node = 0; node < _nodes; node++)
            {
                var end = $"{bridge[0]}{node}";
                yield return $"link add {end} type veth peer name {bridge} netns {Space(node)}";
                yield return $"link set {end} master {bridge} up";
            }
        }
    }
}

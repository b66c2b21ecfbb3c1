using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Balsa.Cli.Dev;

/// <summary>Who the nodes of a dev cluster are and where they listen. Kept beside the data, except for the ports.</summary>
internal sealed record DevPlan(string DataDirectory, bool IsTemporary, string Cluster, IReadOnlyList<MemberAddress> Members)
{
    public const int NodesMax = 9;

    /// <summary>Of the log: three nodes share one disk, and few write much.</summary>
    public int SegmentBytes { get; init; } = 16 << 20;

    /// <summary>A program and its arguments that start each node, such as one that chooses its processor.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Members that wait for being added; the others found the cluster.</summary>
    public int Spares { get; init; }

    internal IEnumerable<MemberAddress> Founders => Members.Take(Members.Count - Spares);

    /// <summary>What each node is told beside who it is.</summary>
    public IReadOnlyList<string> MoreFlags { get; init; } = [];

    /// <summary>Where each node takes a controller's datagrams, on an address of its own; null for no controllers.</summary>
    public int? ControllerPort { get; init; }

    public IPEndPoint? ControllerOf(MemberAddress member) =>
        ControllerPort is { } port ? new IPEndPoint(new IPAddress([127, 0, 0, (byte)(1 + Members.TakeWhile(one => one != member).Count())]), port) : null;

    /// <exception cref="DevException">The directory holds another cluster, or the ports are taken.</exception>
    public static DevPlan Make(int nodes, string? dataDirectory, int? basePort)
    {
        var isTemporary = dataDirectory is null;
        var unique = $"balsa-dev-{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var directory = Path.GetFullPath(dataDirectory ?? Path.Combine(Path.GetTempPath(), unique));
        try
        {
            Directory.CreateDirectory(directory);
            var file = ReadOrDraw(Path.Combine(directory, "cluster.json"), nodes);
            var ports = ChoosePorts(2 * file.Members.Count, basePort);
            var members = file.Members.Select((member, i) => new MemberAddress(
                member.Name, member.Id,
                new IPEndPoint(IPAddress.Loopback, ports[2 * i + 1]), new IPEndPoint(IPAddress.Loopback, ports[2 * i])));
            return new DevPlan(directory, isTemporary, file.Cluster, [.. members]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new DevException($"{directory} cannot be used.", problem.Message, "balsa dev --data-dir ANOTHER_DIRECTORY");
        }
    }

    /// <summary>As --initial-cluster wants it.</summary>
    internal static string ListOf(IEnumerable<MemberAddress> members) =>
        string.Join(',', members.Select(member => $"{member.Name}=http://{member.Peer}"));

    private static DevClusterFile ReadOrDraw(string path, int nodes)
    {
        if (File.Exists(path))
        {
            var found = JsonSerializer.Deserialize(File.ReadAllBytes(path), DevJson.Default.DevClusterFile)
                ?? throw new JsonException($"{path} is empty");
            if (found.Members.Count == nodes) return found;
            throw new DevException(
                $"{Path.GetDirectoryName(path)} holds a cluster of {found.Members.Count} nodes, not of {nodes}.",
                "The number of nodes is decided when a cluster is founded.",
                $"balsa dev --nodes {found.Members.Count} --data-dir {Path.GetDirectoryName(path)}");
        }

        var drawn = new DevClusterFile(
            Draw(), [.. Enumerable.Range(1, nodes).Select(i => new DevMemberFile($"n{i}", (ulong)i))]);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(drawn, DevJson.Default.DevClusterFile));
        return drawn;
    }

    private static string Draw()
    {
        // The lowest bit is set, so that the number is never 0, which means "none".
        var number = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
        return number.ToString("x", CultureInfo.InvariantCulture);
    }

    /// <summary>Ports that are free now. Another process may take one before a node does; the node then says so.</summary>
    internal static List<int> ChoosePorts(int count, int? first)
    {
        var held = new List<Socket>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, first is null ? 0 : first.Value + i));
            }

            return [.. held.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        }
        catch (SocketException taken)
        {
            throw new DevException(
                $"port {first + held.Count - 1} cannot be used.", taken.Message, "balsa dev", $"balsa dev --base-port {first + 100}");
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }
}

/// <summary>A dev cluster that cannot be started or driven: what, why, and what to type next.</summary>
internal sealed class DevException(string what, string why, params string[] next) : Exception($"{what} {why}")
{
    public CommandLine.Problem Problem { get; } = new(what, why, next);
}

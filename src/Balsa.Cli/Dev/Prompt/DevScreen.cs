using System.Globalization;
using System.Reflection;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Dev.Prompt;

/// <summary>What `balsa dev` prints. Lines come from many threads, and none tears another apart.</summary>
internal sealed class DevScreen(DevPlan plan, Output output, TextWriter results)
{
    private readonly Lock _gate = new();

    /// <summary>Events are printed from here on; before, the start has its own lines.</summary>
    public bool ShowsEvents { get; set; }

    /// <summary>A line of what happens, with its time.</summary>
    public void Say(string mark, string text)
    {
        var time = DateTime.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            output.Line($"  {time}  {mark} {text}");
            results.Flush();
        }
    }

    public void Hear(DevNode node, string line)
    {
        if (ShowsEvents && NodeEvents.Of(node.Address.Name, line) is var (mark, text)) Say(mark, text);
    }

    /// <summary>Several lines that belong together.</summary>
    public void Print(Action<Output> lines)
    {
        lock (_gate)
        {
            lines(output);
            results.Flush();
        }
    }

    public void AnnounceStart()
    {
        var version = typeof(DevScreen).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var fate = plan.IsTemporary ? ", gone on exit (--data-dir DIR keeps it)" : "";
        Print(to =>
        {
            to.Line($"balsa {version.Split('+')[0]} · dev cluster · {plan.Members.Count} processes · data in {plan.DataDirectory}{fate}");
            to.Line();
        });
    }

    public void AnnounceReady(DevCluster cluster, NodeStatus leader, TimeSpan led, bool hasKeys) => Print(to =>
    {
        foreach (var node in cluster.Nodes)
        {
            to.Line(string.Create(CultureInfo.InvariantCulture,
                $"  ✓ {node.Address.Name,-3} client {node.Address.Client,-16} peer {node.Address.Peer,-16} pid {node.Pid,-8}"
                + $"{node.StartTook.TotalMilliseconds,6:0} ms"));
        }

        to.Line(string.Create(CultureInfo.InvariantCulture, $"  ★ {$"{leader.Name} leads term {leader.Term}",-63}{led.TotalMilliseconds,6:0} ms"));
        to.Line();
        to.Line("  another terminal:   balsa put hello world     balsa get hello     balsa status     balsa top");
        to.Line($"  etcd tools:         etcdctl --endpoints {cluster.Nodes[0].Address.Client} member list");
        if (!hasKeys) return;
        to.Line();
        to.Line($"  {DevKeys.Help}");
        to.Line($"  {DevKeys.MoreHelp}");
    });

    /// <summary>The same for programs.</summary>
    public void WriteReady(DevCluster cluster, NodeStatus leader, TimeSpan led) => Print(to => to.Object(writer =>
    {
        writer.WriteNumber("pid", Environment.ProcessId);
        writer.WriteString("dataDir", plan.DataDirectory);
        writer.WriteString("leader", leader.Name);
        writer.WriteNumber("term", leader.Term);
        writer.WriteNumber("leaderMs", Math.Round(led.TotalMilliseconds, 1));
        writer.WriteStartArray("nodes");
        foreach (var node in cluster.Nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", node.Address.Name);
            writer.WriteString("client", node.Address.Client.ToString());
            writer.WriteString("peer", node.Address.Peer.ToString());
            writer.WriteNumber("pid", node.Pid ?? 0);
            writer.WriteNumber("startMs", Math.Round(node.StartTook.TotalMilliseconds, 1));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }));
}

using System.CommandLine;
using Balsa.Adapters.Raftkv;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Raftkv;

/// <summary>Options that servers and front ends of CS 380D have in common.</summary>
internal static class RaftkvFlags
{
    private const string HarnessRule = "harness", SkipSelfRule = "skip-self", NoRule = "none";

    public static Option<int> BasePort() => NumberRange.Option(
        "--base-port",
        "The port of server 1; the others follow. They dial from the ports 2001 below.", RaftkvPorts.BaseByDefault, 3100, 65_000);

    public static Option<string> SourcePorts()
    {
        var option = new Option<string>("--source-ports")
        {
            Description = "From which ports servers dial each other: harness (7000 + (s-1)N + t, which the course's filters mean), "
                + "skip-self, or none.",
            HelpName = "RULE", DefaultValueFactory = _ => HarnessRule,
        };
        option.AcceptOnlyFromAmong(HarnessRule, SkipSelfRule, NoRule);
        return option;
    }

    public static SourcePortRule RuleOf(string text) => text switch
    {
        SkipSelfRule => SourcePortRule.SkipSelf,
        NoRule => SourcePortRule.None,
        _ => SourcePortRule.Harness,
    };

    public static Option<bool> Forwarding() => new("--no-forwarding")
    {
        Description = "A server that does not lead says who does, instead of handing a write on.",
    };

    public static Option<int> Heartbeat() =>
        NumberRange.Option("--heartbeat-ms", "How often a leader shows that it is alive.", 50, 5, 5_000);

    public static Option<int> Election() =>
        NumberRange.Option("--election-timeout-ms", "Without a leader for this long, or twice, it stands for election.", 300, 20, 50_000);

    /// <summary>Null when they go together.</summary>
    public static Problem? WhyNot(int heartbeat, int election) => election >= 3 * heartbeat ? null : new Problem(
        $"--election-timeout-ms {election} does not go with --heartbeat-ms {heartbeat}.",
        "It must be at least three times as long, or one late heartbeat is an election.",
        $"--election-timeout-ms {3 * heartbeat}");
}

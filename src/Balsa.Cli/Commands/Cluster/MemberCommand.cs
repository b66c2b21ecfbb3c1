using System.CommandLine;
using System.CommandLine.Parsing;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa member`: who belongs to the cluster, and changes of that, one step at a time.</summary>
internal static class MemberCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var command = new CliCommand(
            "member", "Lists members, adds, promotes, removes and replaces them.", "balsa member ls",
            "balsa member add n4 --peer-urls http://10.0.0.4:2380", "balsa member remove n2 --dry-run");
        command.Subcommands.Add(CreateList(results, messages));
        command.Subcommands.Add(CreateAdd(results, messages));
        command.Subcommands.Add(CreateStep(
            results, messages, MemberRequest.Promote, "Makes a learner that is level with the leader a voter.", "now votes"));
        command.Subcommands.Add(CreateStep(
            results, messages, MemberRequest.Remove,
            "Removes a member for good; it stops itself. The leader can be removed, too.", "was removed"));
        command.Subcommands.Add(CreateReplace(results, messages));
        return command;
    }

    private static CliCommand CreateList(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var command = new CliCommand("ls", "Lists the members as one of them knows them.", "balsa member ls");
        call.AddOptions(command);
        command.SetAction(parsed => call.Run(parsed, new ClientRequest { Op = ClientOperation.Status }, (output, response) =>
            MemberText.PrintList(output, response.Status!)));
        return command;
    }

    private static CliCommand CreateAdd(TextWriter results, TextWriter messages)
    {
        var (call, step) = (new ClientCall(results, messages), new StepOptions());
        var name = new Argument<string>("name") { Description = "What the new member is called." };
        var urls = new Option<string>("--peer-urls") { Description = "Where others will reach it.", HelpName = "URLS", Required = true };
        var learner = new Option<bool>("--learner") { Description = "It does not become a voter by itself." };
        var command = new CliCommand(
            "add", "Adds a member. It receives the data first, and becomes a voter when it is level.",
            "balsa member add n4 --peer-urls http://10.0.0.4:2380", "balsa member add n4 --peer-urls http://10.0.0.4:2380 --learner");
        command.Arguments.Add(name);
        command.Options.Add(urls);
        command.Options.Add(learner);
        step.AddTo(command, call);
        command.SetAction(parsed =>
        {
            var called = parsed.GetRequiredValue(name);
            var request = new MemberRequest
            {
                Kind = MemberRequest.Add, NewName = called, PeerUrls = parsed.GetValue(urls), AsLearner = parsed.GetValue(learner),
            };
            return step.Run(call, parsed, request, called, "was added",
                $"start it: balsa server --name {called} --initial-advertise-peer-urls {parsed.GetValue(urls)} "
                + $"--initial-cluster-state existing --initial-cluster {called}={parsed.GetValue(urls)},NAME=URL of another member");
        });
        return command;
    }

    private static CliCommand CreateStep(TextWriter results, TextWriter messages, string kind, string summary, string done)
    {
        var (call, step) = (new ClientCall(results, messages), new StepOptions());
        var member = new Argument<string>("member") { Description = "Its name, or its id." };
        var command = new CliCommand(kind, summary, $"balsa member {kind} n2", $"balsa member {kind} n2 --dry-run");
        command.Arguments.Add(member);
        step.AddTo(command, call);
        command.SetAction(parsed =>
        {
            var called = parsed.GetRequiredValue(member);
            return step.Run(call, parsed, StepOptions.Meant(kind, called), called, done);
        });
        return command;
    }

    private static CliCommand CreateReplace(TextWriter results, TextWriter messages)
    {
        var (call, step) = (new ClientCall(results, messages), new StepOptions());
        var member = new Argument<string>("member") { Description = "Its name, or its id." };
        var urls = new Option<string?>("--peer-urls")
        {
            Description = "Where its successor is reached; by default at the same place.", HelpName = "URLS",
        };
        var command = new CliCommand(
            MemberRequest.Replace, "Puts a new member in the place of one whose data are gone.", "balsa member replace n2",
            "balsa member replace n2 --peer-urls http://10.0.0.7:2380");
        command.Arguments.Add(member);
        command.Options.Add(urls);
        step.AddTo(command, call);
        command.SetAction(parsed =>
        {
            var called = parsed.GetRequiredValue(member);
            var request = StepOptions.Meant(MemberRequest.Replace, called) with { PeerUrls = parsed.GetValue(urls) };
            return step.Run(call, parsed, request, called, "was replaced",
                "start its successor with an empty data directory; it joins by itself");
        });
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>What the commands that change the membership have in common.</summary>
internal sealed class StepOptions
{
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would happen, and do nothing." };

    internal void AddTo(Command command, ClientCall call)
    {
        command.Options.Add(_dryRun);
        call.AddOptions(command);
    }

    /// <summary>A number is an id; whoever calls a member 7 can still name its id.</summary>
    internal static MemberRequest Meant(string kind, string member) =>
        ulong.TryParse(member, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new MemberRequest { Kind = kind, Id = id } : new MemberRequest { Kind = kind, Name = member };

    /// <param name="done">What happened to it, such as "was removed".</param>
    /// <param name="then">What the operator does next.</param>
    internal int Run(ClientCall call, ParseResult parsed, MemberRequest request, string called, string done, string? then = null)
    {
        var dryRun = parsed.GetValue(_dryRun);
        var asked = new ClientRequest { Op = ClientOperation.Members, Member = request with { DryRun = dryRun } };
        return call.Run(parsed, asked, (output, response) =>
        {
            MemberText.PrintStep(output, called, dryRun ? $"{done} (dry run: nothing was done)" : done, response.Plan!, dryRun);
            if (then is not null && !dryRun) output.Line($"next: {then}");
            return ExitCode.Done;
        }, response => Explain(called, response));
    }

    private static (Problem Problem, int ExitCode)? Explain(string called, ClientResponse response) => response.Code switch
    {
        ClientError.NoSuchMember => (Of($"there is no member {called}.", response), ExitCode.NotFound),
        ClientError.BadUrls => (Of("the peer URLs cannot be understood; nothing was done.", response), ExitCode.Usage),
        ClientError.UnsafeChange =>
            (Of("refused, because it endangers the cluster; nothing was done.", response), ExitCode.ConditionNotMet),
        ClientError.UrlsTaken or ClientError.NoLearner or ClientError.NotLevel or ClientError.ChangeInProgress =>
            (Of("refused; nothing was done.", response), ExitCode.ConditionNotMet),
        _ => null,
    };

    private static Problem Of(string what, ClientResponse response) => new(what, $"{response.Message}.", "balsa member ls", "balsa status")
    {
        Code = response.Code, Outcome = response.Outcome,
    };
}

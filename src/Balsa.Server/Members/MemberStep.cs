using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Server.Protocol;

namespace Balsa.Server.Members;

/// <summary>A request turned into changes of the configuration, or the reason why that must not be.</summary>
internal sealed record MemberStep
{
    internal MemberId Member { get; init; }

    internal ConfigurationChange[] Changes { get; init; } = [];

    internal MemberPlan? Plan { get; init; }

    /// <summary>A code of <see cref="ClientError"/>; null when the step can be taken.</summary>
    internal string? Code { get; init; }

    internal string Message { get; init; } = "";

    /// <summary>Whether the configuration is as the step makes it.</summary>
    internal bool IsTaken(Configuration configuration)
    {
        foreach (var change in Changes)
        {
            var member = configuration.Find(change.Member);
            var isTaken = change.Kind switch
            {
                ChangeKind.Remove => configuration.WasRemoved(change.Member),
                ChangeKind.AddLearner or ChangeKind.AddVoter => member is not null && member.PeerUrls == change.PeerUrls,
                ChangeKind.SetSettings => configuration.Settings == change.Settings,
                ChangeKind.Promote => member is { Role: MemberRole.Voter },
                _ => member is not null && (change.Name ?? member.Name) == member.Name
                    && (change.PeerUrls ?? member.PeerUrls) == member.PeerUrls
                    && (change.ClientUrls ?? member.ClientUrls) == member.ClientUrls,
            };
            if (!isTaken) return false;
        }

        return true;
    }

    internal static MemberStep Refuse(string code, string message) => new() { Code = code, Message = message };
}

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

    internal static MemberStep Refuse(string code, string message) => new() { Code = code, Message = message };
}

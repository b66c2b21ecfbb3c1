using Balsa.Raft.Identity;
using Balsa.Raft.Quorum;

namespace Balsa.Raft.Membership;

/// <summary>Why a configuration or a change of one is impossible.</summary>
public enum ConfigurationError : byte
{
    None = 0,
    NoChange,
    ZeroId,
    DuplicateId,
    TooManyMembers,
    NoVoter,
    VoterNotStarted,
    AlreadyMember,
    NotAMember,

    /// <summary>The id belonged to a removed member; ids are never given twice.</summary>
    IdWasRemoved,
    AlreadyVoter,
    AlreadyLearner,

    /// <summary>The learner has not started, or lags too far behind to vote.</summary>
    NotLevel,
    OutgoingVoterUnknown,
    TextTooLong,
    UnknownChange,
}

/// <summary>Thrown when a cluster is founded with, or a log holds, a configuration that cannot be.</summary>
public sealed class ImpossibleConfigurationException(ConfigurationError error)
    : Exception($"This configuration is impossible: {ConfigurationRules.Explain(error)}")
{
    public ConfigurationError Error { get; } = error;
}

/// <summary>What every configuration satisfies, founded, planned or read from a log.</summary>
public static class ConfigurationRules
{
    public const int TextBytesMax = 1024;

    public static ConfigurationError Check(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var members = configuration.Members;
        if (members.Length > SlotMask.SlotsMax) return ConfigurationError.TooManyMembers;
        var voters = 0;
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            if (member.Id.IsNone) return ConfigurationError.ZeroId;
            if (i > 0 && members[i - 1].Id == member.Id) return ConfigurationError.DuplicateId;
            if (TextIsTooLong(member)) return ConfigurationError.TextTooLong;
            if (member.Role != MemberRole.Voter) continue;
            voters++;
            if (member.Incarnation.IsNotStarted) return ConfigurationError.VoterNotStarted;
        }
        if (voters == 0) return ConfigurationError.NoVoter;
        foreach (var outgoing in configuration.OutgoingVoters)
            if (configuration.Find(outgoing) is null) return ConfigurationError.OutgoingVoterUnknown;
        return ConfigurationError.None;
    }

    /// <summary>What is wrong and what to do, for people.</summary>
    public static string Explain(ConfigurationError error) => error switch
    {
        ConfigurationError.None => "nothing is wrong.",
        ConfigurationError.NoChange => "the list of changes is empty. Name at least one change.",
        ConfigurationError.ZeroId => "a member has id 0, which means 'nobody'. Give every member an id above 0.",
        ConfigurationError.DuplicateId => "two members have the same id. Give every member an id of its own.",
        ConfigurationError.TooManyMembers => $"it has more than {SlotMask.SlotsMax} members. Remove one before adding another.",
        ConfigurationError.NoVoter => "no voter would be left, so nothing could ever be committed. Keep at least one voter.",
        ConfigurationError.VoterNotStarted => "a voter has not started yet. Add it as a learner; it is promoted when level.",
        ConfigurationError.AlreadyMember => "the id is a member already. Update the member instead of adding it.",
        ConfigurationError.NotAMember => "the id is no member. List the members to see which there are.",
        ConfigurationError.IdWasRemoved => "the id belonged to a removed member, and ids are never given twice. Use a new one.",
        ConfigurationError.AlreadyVoter => "the member is a voter already.",
        ConfigurationError.AlreadyLearner => "the member is a learner already.",
        ConfigurationError.NotLevel => "the learner has not started or has not caught up. Wait until it is level.",
        ConfigurationError.OutgoingVoterUnknown => "an outgoing voter is not among the members.",
        ConfigurationError.TextTooLong => $"a name or address list is longer than {TextBytesMax} bytes. Shorten it.",
        _ => "it asks for a change that this version does not know.",
    };

    private static bool TextIsTooLong(Member member) =>
        IsTooLong(member.Name) || IsTooLong(member.PeerUrls) || IsTooLong(member.ClientUrls);

    private static bool IsTooLong(string text) => System.Text.Encoding.UTF8.GetByteCount(text) > TextBytesMax;
}

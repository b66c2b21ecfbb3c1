using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Simulation.Scenarios.Cluster;

/// <summary>A message on its way, with what travels beside it.</summary>
internal sealed record Letter(Origin Origin, Message Message, EntryRef[] Entries, Configuration[] Configurations)
{
    internal int From => (int)Origin.Member.Value;

    internal int To => (int)Message.To.Value;
}

/// <summary>Which letters a command speaks of: 0 as sender or receiver means any, and so does no kind.</summary>
internal readonly record struct LetterPattern(int From, int To, MessageKind? Kind)
{
    internal static LetterPattern Any => default;

    internal bool Matches(Letter letter) =>
        (From == 0 || From == letter.From) && (To == 0 || To == letter.To) && (Kind is not { } kind || kind == letter.Message.Kind);
}

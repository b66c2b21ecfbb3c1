using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios;

/// <summary>Raft in words: what a scenario says about messages, entries, configurations and answers.</summary>
internal static class Wording
{
    private static readonly string[] KindNames =
    [
        "", "pre-vote", "pre-vote-answer", "vote", "vote-answer", "append", "append-answer", "heartbeat", "heartbeat-answer",
        "snapshot-offer", "snapshot-answer", "campaign-now", "read-index", "read-index-answer",
    ];

    internal static bool TryKind(string word, out MessageKind kind)
    {
        kind = (MessageKind)Array.IndexOf(KindNames, word);
        return kind is >= MessageKind.PreVote and <= MessageKind.ReadIndexResponse;
    }

    internal static string List(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "nobody",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}",
    };

    internal static string Member(MemberId id) => id.IsNone ? "nobody" : $"{id.Value}";

    internal static string Of(Letter letter)
    {
        var m = letter.Message;
        var kind = (int)m.Kind is > 0 and var number && number < KindNames.Length ? KindNames[(int)m.Kind] : $"kind {(int)m.Kind}";
        return $"{letter.From}->{letter.To} {kind} in term {m.Term}{Content(m, letter.Entries)}{Flags(m)}";
    }

    private static string Content(in Message m, EntryRef[] entries) => m.Kind switch
    {
        MessageKind.PreVote or MessageKind.Vote => $", log ends with {m.Log}",
        MessageKind.PreVoteResponse or MessageKind.VoteResponse => m.Has(MessageFlags.Reject) ? ": no" : ": yes",
        MessageKind.Append => $", after {m.Log}: {Range(entries)}, commit {m.Commit}",
        MessageKind.AppendResponse when m.Has(MessageFlags.Reject) => $": not after {m.Match}, perhaps after {m.Log}",
        MessageKind.AppendResponse => $": holds {m.Match}",
        MessageKind.Heartbeat => $", commit {m.Commit}",
        MessageKind.HeartbeatResponse => $": matched {m.Match}",
        MessageKind.SnapshotOffer => $" of {m.Log}",
        MessageKind.SnapshotResponse => $": cannot take {m.Log}",
        MessageKind.ReadIndexResponse => m.Has(MessageFlags.Reject) ? ": not now" : $": {m.Commit}",
        _ => "",
    };

    private static string Flags(in Message m)
    {
        var words = new List<string>();
        if (m.Has(MessageFlags.Transfer)) words.Add("transfer");
        if (m.Has(MessageFlags.Forced)) words.Add("forced");
        if (m.Has(MessageFlags.DiskSlow)) words.Add("slow disk");
        if (m.Has(MessageFlags.NotCounted)) words.Add("not counted");
        if (m.Has(MessageFlags.Removed)) words.Add("you were removed");
        return words.Count == 0 ? "" : $" ({string.Join(", ", words)})";
    }

    internal static string Range(ReadOnlySpan<EntryRef> entries) => entries.Length switch
    {
        0 => "nothing",
        1 => $"{entries[0].Id}",
        2 => $"{entries[0].Id} {entries[1].Id}",
        _ => $"{entries[0].Id} to {entries[^1].Id}",
    };

    internal static string Configuration(Configuration configuration)
    {
        var members = new List<string>();
        foreach (var member in configuration.Members)
        {
            members.Add(member.Role switch
            {
                MemberRole.Voter => $"{member.Id.Value}",
                MemberRole.Learner => $"{member.Id.Value} learner",
                MemberRole.PromotingLearner => $"{member.Id.Value} learner to promote",
                _ => $"{member.Id.Value} leaving",
            } + (member.Incarnation.IsNotStarted ? " not started" : ""));
        }
        var outgoing = configuration.OutgoingVoters.ToArray().Select(Member);
        return $"{{{string.Join(", ", members)}{(configuration.IsJoint ? $" | outgoing {string.Join(' ', outgoing)}" : "")}}}";
    }

    internal static string Of(Outcome outcome, EntryId entry, MemberId leader)
    {
        var at = entry == EntryId.Start ? "" : $" ({entry})";
        var hint = outcome.Reason is Reason.NotLeader && !leader.IsNone ? $", {leader.Value} leads" : "";
        return outcome.Verdict switch
        {
            Verdict.Done => $"done{at}",
            Verdict.NotDone => $"not done, {outcome.Reason}{hint}{at}",
            _ => $"unknown, {outcome.Reason}{at}",
        };
    }
}

using Balsa.KeyValue.Answers;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Adapters.Nodes;

/// <summary>Who carries a write to the leader.</summary>
public enum WriteRoute
{
    /// <summary>Nobody: a member that does not lead refuses, and says who does.</summary>
    OnlyAsLeader = 0,

    /// <summary>A member that does not lead hands the write on, once; while nobody leads it waits.</summary>
    ToTheLeader,
}

/// <summary>What became of a write.</summary>
/// <param name="Why">A reason that a program can decide on; none when it is done.</param>
/// <param name="Leader">Who leads as far as this member knows; null when it does not know.</param>
public sealed record WriteResult(Verdict Verdict, Reason Why, string? Leader)
{
    /// <summary>What the store answered, which may be that it refused.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Where it stands in the log.</summary>
    public EntryId Entry { get; init; }

    /// <summary>Another member has to be asked, or a later time.</summary>
    public bool NeedsLeader => Verdict == Verdict.NotDone && Why is Reason.NotLeader or Reason.NoLeader;

    /// <summary>For people: nothing but what is certain.</summary>
    public string Text => Verdict switch
    {
        Verdict.Done => "done",
        Verdict.Unknown => "not committed in time (outcome unknown)",
        _ => Why switch
        {
            Reason.NotLeader or Reason.NoLeader or Reason.LeadershipLost => "not the leader; nothing was done",
            Reason.TooLarge => "too large; nothing was done",
            Reason.Busy => "too much is under way, or there is no room; nothing was done",
            Reason.Stopped => "this node is stopped; nothing was done",
            _ => $"it is not possible ({Why}); nothing was done",
        },
    };
}

/// <summary>What a look into the store gave.</summary>
/// <param name="Found">Only when it was done.</param>
public sealed record ReadResult<T>(Verdict Verdict, Reason Why, string? Leader, T? Found)
{
    public bool IsDone => Verdict == Verdict.Done;
}

/// <summary>What became of an order to the member itself.</summary>
/// <param name="Problem">For people; null when it was carried out.</param>
public readonly record struct CommandResult(string? Problem)
{
    public static CommandResult Done => default;

    public bool IsDone => Problem is null;
}

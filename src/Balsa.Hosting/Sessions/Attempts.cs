using Balsa.Raft.Effects;
using Balsa.Replica;

namespace Balsa.Hosting.Sessions;

/// <summary>How often and for how long something is asked again, and what is said when the time is over.</summary>
internal static class Attempts
{
    /// <summary>Of one try: a leader that is cut off is left for another one.</summary>
    internal static readonly TimeSpan TryMax = TimeSpan.FromSeconds(3);

    /// <summary>Between two tries, when a queue was full or a member stopped.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>It would be refused however often it came.</summary>
    internal static bool IsFinal(in ReplicaAnswer answer) =>
        answer.Outcome is { Verdict: Verdict.NotDone, Reason: Reason.TooLarge or Reason.Malformed or Reason.NotPermitted };

    internal static string Explain(in ReplicaAnswer answer, TimeSpan patience) => answer.Shortage switch
    {
        Shortage.Disk => "the leader's disk is full",
        Shortage.Log => "the leader's log has reached its bound, because no snapshot could be made",
        _ => answer.Outcome.Reason switch
        {
            Reason.NoLeader or Reason.NotLeader => $"nobody led for {patience.TotalSeconds:0.#} s: is a majority of the members up?",
            Reason.Busy => "the member has too much to do",
            Reason.TooLarge => "it is larger than an entry may be",
            Reason.Stopped => "the member has stopped",
            Reason.TimedOut => $"no answer came for {patience.TotalSeconds:0.#} s",
            var reason => $"{reason}",
        },
    };
}

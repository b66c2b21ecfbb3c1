using Balsa.Raft.Probes;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Which marks of the core a long run of the full world must have reached.</summary>
internal static class FullMarks
{
    /// <summary>The others are the business of the core world and of the stories.</summary>
    internal static bool MustBeHit(Mark mark) => mark switch
    {
        // A connection ends with the boot that opened it, and one of an earlier boot is refused at its hello.
        Mark.StaleBootIgnored => false,
        // An answer has to outlive the connection on which its sender was removed and added again.
        Mark.StaleSessionIgnored => false,
        // A member stops itself when the others broke a rule, or are of a later build.
        Mark.FailStopped => false,
        _ => true,
    };
}

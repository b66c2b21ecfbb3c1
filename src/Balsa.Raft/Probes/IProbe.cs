using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Probes;

/// <summary>
/// How tests look into the core and plant mistakes in it. It is a struct type parameter, so with <see cref="NoProbe"/>
/// every call below disappears from the shipped code.
/// </summary>
public interface IProbe
{
    /// <summary>Whether this build makes the named mistake. Shipping builds make none.</summary>
    bool Plants(Mutant mutant);

    /// <summary>A rare and interesting state was reached; a simulation that never hits a mark proves nothing about it.</summary>
    void Hit(Mark mark);

    void OnTransition(in Transition transition);
}

/// <summary>The shipping probe: nothing.</summary>
public readonly struct NoProbe : IProbe
{
    public bool Plants(Mutant mutant) => false;

    public void Hit(Mark mark)
    {
    }

    public void OnTransition(in Transition transition)
    {
    }
}

public enum TransitionKind : byte
{
    BecameFollower = 1, BecamePreCandidate, BecameCandidate, BecameLeader,
    Appended, Truncated, Committed, SnapshotInstalled, Compacted, ConfigurationAdopted, SteppedDown,
}

/// <summary>One step of the algorithm, for traces.</summary>
public readonly record struct Transition(TransitionKind Kind, MemberId Member, Term Term, EntryId Last, LogIndex Commit, ulong Detail);

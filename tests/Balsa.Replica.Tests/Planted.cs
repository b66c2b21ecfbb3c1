using Balsa.Raft.Probes;

namespace Balsa.Replica.Tests;

/// <summary>Plants one mistake, or none.</summary>
internal readonly struct Planted(Mutant planted) : IProbe
{
    public bool Plants(Mutant mutant) => mutant == planted && mutant != Mutant.None;

    public void Hit(Mark mark)
    {
    }

    public void OnTransition(in Transition transition)
    {
    }
}

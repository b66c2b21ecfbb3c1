using Balsa.Raft.Probes;

namespace Balsa.Simulation.Probes;

/// <summary>Counts marks and plants one mistake, or none.</summary>
internal readonly struct MutantProbe(MarkCounts marks, Mutant planted) : IProbe
{
    public bool Plants(Mutant mutant) => mutant == planted;

    public void Hit(Mark mark) => marks.Hit(mark);

    public void OnTransition(in Transition transition)
    {
    }
}

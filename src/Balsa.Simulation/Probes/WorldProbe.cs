using Balsa.Raft.Probes;

namespace Balsa.Simulation.Probes;

/// <summary>Counts marks and plants nothing: the core that ships, looked at.</summary>
internal readonly struct WorldProbe(MarkCounts marks) : IProbe
{
    public bool Plants(Mutant mutant) => false;

    public void Hit(Mark mark) => marks.Hit(mark);

    public void OnTransition(in Transition transition)
    {
    }
}

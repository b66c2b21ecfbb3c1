using Balsa.Raft.Probes;

namespace Balsa.Raft.Tests.Scripts;

/// <summary>Plants one mistake, and keeps count of the marks that were hit.</summary>
internal readonly struct PlantingProbe(Mutant planted, SortedSet<Mark>? marks) : IProbe
{
    public bool Plants(Mutant mutant) => mutant == planted;

    public void Hit(Mark mark) => marks?.Add(mark);

    public void OnTransition(in Transition transition)
    {
    }
}

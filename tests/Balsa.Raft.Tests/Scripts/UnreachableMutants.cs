using Balsa.Raft.Probes;

namespace Balsa.Raft.Tests.Scripts;

/// <summary>Mistakes that cannot show, each with the reason. An entry here is checked: it must change no story.</summary>
internal static class UnreachableMutants
{
    internal static readonly SortedDictionary<Mutant, string> Reasons = new();
}

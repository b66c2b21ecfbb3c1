using Balsa.Raft.Probes;

namespace Balsa.Raft.Tests.Scripts;

/// <summary>Mistakes that cannot show, each with the reason. An entry here is checked: it must change no story.</summary>
internal static class UnreachableMutants
{
    internal static readonly SortedDictionary<Mutant, string> Reasons = new()
    {
        [Mutant.TruncatesCommitted] =
            "It only lifts the rule that nothing committed is cut. An append that begins below the commit index drops the "
            + "entries that are committed before any of them could be compared, so that rule is never put to the test.",
    };
}

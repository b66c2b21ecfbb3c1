using Balsa.Raft.Log;

namespace Balsa.Simulation.Oracles;

/// <summary>Terms grow only as fast as members can time out: one election a member and time-out, and one a request to elect.</summary>
internal sealed class BoundedTerms(Verdicts verdicts)
{
    private Term _highest;

    internal Term Highest => _highest;

    internal void OnTerm(Term term, long now, long electionTicks, int members, long asked)
    {
        if (term <= _highest) return;
        _highest = term;
        // Clocks run at most a half faster than the world's, and each start begins a new time-out.
        var bound = 10 + (ulong)members * (ulong)(now / electionTicks * 3 / 2 + 1) + (ulong)asked;
        if (term.Value > bound)
            verdicts.Report("bounded terms", $"term {term} is above {bound}, which is all that time and faults explain");
    }
}

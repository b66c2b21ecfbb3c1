using Balsa.Simulation.Judging;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>What a campaign found.</summary>
internal sealed class CampaignReport
{
    /// <summary>What a kill of the leader may cost; fewer kills say little about the slowest in a hundred.</summary>
    internal const double OutageP50MsAllowed = 500, OutageP99MsAllowed = 1000;
    internal const int KillsThatCount = 20;

    /// <summary>When others take more of the machine than this, elections wait for a processor and not for us.</summary>
    internal const double OthersShareAllowed = 0.2;

    private readonly List<double> _outagesMs = [];

    internal int Rounds { get; set; }

    internal SortedDictionary<ClusterFault, int> Faults { get; } = [];

    /// <summary>Of the rounds that killed a leader.</summary>
    internal IReadOnlyList<double> OutagesMs => _outagesMs;

    /// <summary>How much of the machine other processes took; null when the system does not say.</summary>
    internal double? OthersShare { get; set; }

    internal bool MeetsOutageTargets => OutageMs(0.5) <= OutageP50MsAllowed && OutageMs(0.99) <= OutageP99MsAllowed;

    /// <summary>It had the machine for itself and killed leaders often enough, so being slow is its own fault.</summary>
    internal bool IsOutageJudged => OthersShare <= OthersShareAllowed && _outagesMs.Count >= KillsThatCount;

    /// <summary>Writes that must be there at the end.</summary>
    internal int Acknowledged { get; set; }

    internal int Lost { get; set; }

    internal int Doubled { get; set; }

    internal int Operations { get; set; }

    internal int UnknownOutcomes { get; set; }

    internal Judgement Judgement { get; set; } = new(Verdict.Unknown);

    internal double JudgeSeconds { get; set; }

    /// <summary>Keys whose own histories were searched as well, and how many of these searches did not end.</summary>
    internal int SearchedKeys { get; set; }

    internal int UnfinishedSearches { get; set; }

    /// <summary>Why the campaign ended early; null when it did not.</summary>
    internal string? Failure { get; set; }

    /// <summary>A promise about data was broken, and what is left of the nodes is evidence.</summary>
    internal bool IsBroken => Failure is not null || Lost > 0 || Doubled > 0 || Judgement.Verdict == Verdict.NotLinearizable;

    /// <summary>Everything was read back, and the judge says that it is right.</summary>
    internal bool Holds => !IsBroken && Judgement.Verdict == Verdict.Linearizable;

    internal void Count(ClusterFault fault, double outageMs)
    {
        Rounds++;
        Faults[fault] = Faults.GetValueOrDefault(fault) + 1;
        if (fault == ClusterFault.KillLeader) _outagesMs.Add(outageMs);
    }

    /// <summary>The outage that this share of leader kills did not exceed; 0 when there was none.</summary>
    internal double OutageMs(double share)
    {
        if (_outagesMs.Count == 0) return 0;
        var sorted = _outagesMs.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}

using Balsa.Simulation.Judging;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>What a campaign found.</summary>
internal sealed class CampaignReport
{
    private readonly List<double> _outagesMs = [];

    internal int Rounds { get; set; }

    internal SortedDictionary<ClusterFault, int> Faults { get; } = [];

    /// <summary>Of the rounds that killed a leader.</summary>
    internal IReadOnlyList<double> OutagesMs => _outagesMs;

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

    internal bool IsBroken => Failure is not null || Lost > 0 || Doubled > 0 || Judgement.Verdict == Verdict.NotLinearizable;

    internal void Count(ClusterFault fault, double? outageMs)
    {
        Rounds++;
        Faults[fault] = Faults.GetValueOrDefault(fault) + 1;
        if (fault == ClusterFault.KillLeader && outageMs is { } outage) _outagesMs.Add(outage);
    }

    /// <summary>The outage that this share of leader kills did not exceed; 0 when there was none.</summary>
    internal double OutageMs(double share)
    {
        if (_outagesMs.Count == 0) return 0;
        var sorted = _outagesMs.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}

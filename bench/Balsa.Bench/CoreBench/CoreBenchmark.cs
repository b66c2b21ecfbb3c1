using System.Diagnostics;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Bench.CoreBench;

/// <param name="BytesPerProposal">Allocated by the measuring thread, which runs all three members.</param>
public sealed record CoreBenchResult(double ProposalsPerSecond, double BytesPerProposal, long Proposals, double Seconds, int Outstanding);

/// <summary>
/// Three voters in one thread without I/O: how many proposals a second, each with its own correlation and completion,
/// when so many callers wait and every one that is answered proposes again.
/// </summary>
public sealed class CoreBenchmark
{
    private readonly BenchMember[] _cluster = new BenchMember[3];
    private readonly Proposal[] _queued;
    private readonly BenchMember _leader;
    private ulong _proposed;

    public CoreBenchmark(int outstanding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outstanding, 1);
        _queued = new Proposal[outstanding];
        var configuration = Configuration.OfVoters(1, 2, 3);
        for (var i = 0; i < _cluster.Length; i++) _cluster[i] = new BenchMember(_cluster, (ulong)i + 1, configuration);
        _leader = _cluster[0];
        Elect();
    }

    /// <summary>Runs <paramref name="proposals"/> proposals to completion and measures them.</summary>
    public CoreBenchResult Run(long proposals)
    {
        var until = _leader.Completed + proposals;
        var started = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        while (_leader.Completed < until) ProposeAndSettle();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (_leader.Failed > 0) throw new InvalidOperationException($"{_leader.Failed} proposals were not done.");
        return new CoreBenchResult(proposals / seconds, (double)allocated / proposals, proposals, seconds, _queued.Length);
    }

    private void Elect()
    {
        // Past the silence that every voter keeps after a start.
        foreach (var member in _cluster) member.Executor.Core.SetClock(TimeSpan.TicksPerSecond);
        _leader.Executor.Core.Campaign(CampaignKind.Ordinary, Correlation.None);
        _leader.Settle();
        Exchange();
        if (_leader.Executor.Core.Role != Role.Leader) throw new InvalidOperationException("The first member was not elected.");
    }

    private void ProposeAndSettle()
    {
        // A batch is what waits at this moment: every caller that has been answered.
        var waiting = _queued.Length - (int)(_proposed - (ulong)_leader.Completed);
        for (var i = 0; i < waiting; i++)
        {
            _proposed++;
            _queued[i] = new Proposal(new PayloadHandle(_proposed), Length: 256, Crc: 0, new Correlation(_proposed));
        }
        _leader.Executor.Core.Propose(_queued.AsSpan(0, waiting));
        _leader.Settle();
        Exchange();
    }

    private void Exchange()
    {
        for (var mail = true; mail;)
        {
            mail = false;
            foreach (var member in _cluster)
            {
                if (!member.HasMail) continue;
                mail = true;
                member.Turn();
            }
        }
    }
}

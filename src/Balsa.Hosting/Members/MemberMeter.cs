using System.Diagnostics.Metrics;
using Balsa.Hosting.Leading;

namespace Balsa.Hosting.Members;

/// <summary>What can be measured of a member, under the meter <c>Balsa.Raft</c>.</summary>
internal sealed class MemberMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _commands;
    private readonly Histogram<double> _duration;
    private readonly KeyValuePair<string, object?> _member;

    internal MemberMeter(string member, LeadershipWatch watch, Func<ulong> applied)
    {
        _member = new("member", member);
        _meter = new Meter("Balsa.Raft", null, [_member]);
        _meter.CreateObservableGauge("balsa.raft.term", () => (long)watch.Term, "{term}", "The newest term this member knows");
        _meter.CreateObservableGauge("balsa.raft.is_leader", () => watch.Role == Raft.Role.Leader ? 1 : 0, null, "1 while it leads");
        _meter.CreateObservableGauge("balsa.raft.has_leader", () => watch.Leader == 0 ? 0 : 1, null, "1 while it knows a leader");
        _meter.CreateObservableCounter("balsa.raft.leader_changes", () => watch.Changes, "{change}", "New leaders seen");
        _meter.CreateObservableGauge("balsa.raft.applied_index", () => (long)applied(), "{entry}", "The newest entry in the state");
        _commands = _meter.CreateCounter<long>("balsa.raft.commands", "{command}", "Commands sent by this process, by their outcome");
        _duration = _meter.CreateHistogram<double>("balsa.raft.command.duration", "s", "From sending a command to its result");
    }

    internal void Count(string outcome, long ticks)
    {
        _commands.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (ticks > 0) _duration.Record(TimeSpan.FromTicks(ticks).TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}

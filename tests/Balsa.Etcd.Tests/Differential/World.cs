using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>What etcd's answers have told so far: what the next steps are chosen from.</summary>
internal sealed class World
{
    /// <summary>The newest revision.</summary>
    public long Revision { get; private set; } = 1;

    public long Compacted { get; private set; }

    public List<long> Leases { get; } = [];

    public List<WatchStep> Watches { get; } = [];

    /// <summary>Alarms that are on. All are of one type: see <see cref="Generator"/>.</summary>
    public List<AlarmStep> Alarms { get; } = [];

    public void Saw(Step step, Outcome outcome)
    {
        if (outcome.Code != 0) return;
        Revision = Math.Max(Revision, outcome.Answer.Revision);
        switch (step)
        {
            case CompactStep compact:
                Compacted = compact.Revision;
                break;
            case GrantStep grant:
                Leases.Add(grant.Lease);
                break;
            case RevokeStep revoke:
                Leases.Remove(revoke.Lease);
                break;
            case WatchStep watch when outcome.Canceled is null:
                Watches.Add(watch);
                break;
            case UnwatchStep unwatch:
                Watches.RemoveAll(watch => watch.Id == unwatch.Id);
                break;
            case AlarmStep { Action: AlarmAction.Activate } alarm when !Alarms.Contains(alarm):
                Alarms.Add(alarm);
                break;
            case AlarmStep { Action: AlarmAction.Deactivate } alarm:
                Alarms.Remove(alarm with { Action = AlarmAction.Activate });
                break;
        }
    }
}

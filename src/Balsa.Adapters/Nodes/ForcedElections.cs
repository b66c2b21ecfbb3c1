using Balsa.Node;
using Balsa.Raft;
using Balsa.Raft.Membership;

namespace Balsa.Adapters.Nodes;

/// <summary>
/// A controller may force elections only where the cluster has agreed to it, because reads by lease must end before. The leader
/// asks the cluster for that, as soon as it has a controller; the agreement is replicated and stays.
/// </summary>
public sealed class ForcedElections(RunningMember member)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the cluster has agreed, or the node stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await member.Pump.StatusAsync() is { } status)
            {
                if (status.Configuration.Settings.AllowForcedCampaign && status.ConfigurationIndex <= status.Commit)
                {
                    _granted.TrySetResult();
                    return;
                }

                if (status.Role == Role.Leader && !status.Configuration.Settings.AllowForcedCampaign)
                {
                    var settings = status.Configuration.Settings with { AllowForcedCampaign = true };
                    var change = new ConfigurationChange { Kind = ChangeKind.SetSettings, Settings = settings };
                    // Refused while another change is under way; then the next round asks again.
                    await member.Pump.ChangeMembersAsync([change], status.ConfigurationIndex).WaitAsync(stop);
                }
            }

            await Task.Delay(Pause, stop);
        }
    }

    internal async Task<bool> IsGrantedWithinAsync(TimeSpan patience)
    {
        try
        {
            await _granted.Task.WaitAsync(patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Server.Protocol;

namespace Balsa.Server.Members;

/// <summary>Tells the cluster what this member is called, where it takes clients and what it was told of leases, until the configuration says so.</summary>
internal static class Publication
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Longest = TimeSpan.FromSeconds(5);

    internal static async Task RunAsync(
        MemberChanges changes, Func<Configuration> configuration, MemberId self, string name, string clientUrls, bool? leaseReads,
        CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (configuration().Find(self) is { } known)
            {
                var isNamed = known.Name == name && known.ClientUrls == clientUrls;
                if (isNamed && (leaseReads is null || configuration().Settings.LeaseReads == leaseReads)) return;
                var request = new MemberRequest { Kind = MemberRequest.Update, Id = self.Value, NewName = name, ClientUrls = clientUrls };
                if (isNamed) request = request with { Kind = MemberRequest.Settings, LeaseReads = leaseReads == true };
                await changes.RunAsync(request, Longest, stop);
            }

            await Task.Delay(Pause, stop);
        }
    }
}

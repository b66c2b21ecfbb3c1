using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Server.Protocol;

namespace Balsa.Server.Members;

/// <summary>Tells the cluster what this member is called and where it takes clients, until the configuration says so.</summary>
internal static class Publication
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Longest = TimeSpan.FromSeconds(5);

    internal static async Task RunAsync(
        MemberChanges changes, Func<Configuration> configuration, MemberId self, string name, string clientUrls, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (configuration().Find(self) is { } known)
            {
                if (known.Name == name && known.ClientUrls == clientUrls) return;
                var request = new MemberRequest { Kind = MemberRequest.Update, Id = self.Value, NewName = name, ClientUrls = clientUrls };
                await changes.RunAsync(request, Longest, stop);
            }

            await Task.Delay(Pause, stop);
        }
    }
}

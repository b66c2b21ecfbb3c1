using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Node;
using Balsa.Node.Founding;
using Balsa.Server.Members;
using Balsa.Server.Protocol;

namespace Balsa.Server.Starting;

/// <summary>A member whose directory is gone asks the cluster to put another member in its place.</summary>
internal static class Replacement
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <exception cref="NodeStartException">The cluster does not do it, and why.</exception>
    internal static async Task AskAsync(string clientUrls, FoundingOptions self, CancellationToken stop)
    {
        var request = new ClientRequest
        {
            Op = ClientOperation.Members, TimeoutMs = (int)Longest.TotalMilliseconds,
            Member = new MemberRequest { Kind = MemberRequest.Replace, At = self.PeerUrls },
        };
        var answer = await MemberCall.AskAsync(ClientUrls.First(clientUrls), request, Longest, stop);
        if (answer.Outcome == ClientOutcome.Done) return;
        throw new NodeStartException(
            $"{self.Name} was not replaced, and its directory is empty.", $"{clientUrls} says: {answer.Message}",
            $"balsa member ls --endpoints {ClientUrls.First(clientUrls)}");
    }
}

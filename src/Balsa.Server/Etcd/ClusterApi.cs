using Balsa.Grpc.Server;
using Balsa.Protocol.Etcd;
using Balsa.Raft.Membership;
using Balsa.Server.Access;
using WireMember = Balsa.Protocol.Etcd.Member;

namespace Balsa.Server.Etcd;

/// <summary>etcd's Cluster service, as far as it only reads.</summary>
internal sealed class ClusterApi(ReplicaAccess replica, Headers headers)
{
    internal async Task<MemberListResponse> ListAsync(MemberListRequest request, ServerCall call)
    {
        if (request.Linearizable) await replica.CatchUpAsync(isLocal: false, call.Over);
        var node = replica.Parts.Describe(await replica.StatusAsync(call.Over));
        var response = new MemberListResponse { Header = headers.OfCluster };
        foreach (var found in node.Members.OrderBy(member => member.Id))
        {
            response.Members.Add(new WireMember
            {
                ID = found.Id, Name = found.Name, PeerURLs = { UrlOf(found.Peer) }, ClientURLs = { UrlOf(found.Client) },
                IsLearner = found.Role is nameof(MemberRole.Learner) or nameof(MemberRole.PromotingLearner),
            });
        }

        return response;
    }

    private static string UrlOf(string address) =>
        address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
}

using Balsa.Grpc.Server;
using Balsa.Protocol.Etcd;
using Balsa.Raft.Membership;
using Balsa.Raft.Reads;
using Balsa.Server.Access;
using Balsa.Server.Protocol;
using MemberRequest = Balsa.Server.Protocol.MemberRequest;
using WireMember = Balsa.Protocol.Etcd.Member;

namespace Balsa.Server.Etcd;

/// <summary>etcd's Cluster service.</summary>
internal sealed class ClusterApi(ReplicaAccess replica, Headers headers)
{
    internal async Task<MemberListResponse> ListAsync(MemberListRequest request, ServerCall call)
    {
        if (request.Linearizable) await replica.CatchUpAsync(ReadMode.Quorum, call.Over);
        return new MemberListResponse { Header = headers.OfCluster, Members = { await MembersAsync(call) } };
    }

    internal async Task<MemberAddResponse> AddAsync(MemberAddRequest request, ServerCall call)
    {
        var plan = await ChangeAsync(
            new MemberRequest
            {
                Kind = MemberRequest.Add, PeerUrls = string.Join(',', request.PeerURLs), AsLearner = request.IsLearner,
            },
            call);
        var members = await MembersAsync(call);
        // This member may not have heard of the addition yet, though the cluster has.
        var added = Array.Find(members, member => member.ID == plan.Id)
            ?? new WireMember { ID = plan.Id, PeerURLs = { request.PeerURLs }, IsLearner = request.IsLearner };
        return new MemberAddResponse
        {
            Header = headers.OfCluster, Member = added, Members = { members.Where(member => member.ID != plan.Id).Append(added) },
        };
    }

    internal async Task<MemberRemoveResponse> RemoveAsync(MemberRemoveRequest request, ServerCall call)
    {
        await ChangeAsync(new MemberRequest { Kind = MemberRequest.Remove, Id = Known(request.ID) }, call);
        var left = (await MembersAsync(call)).Where(member => member.ID != request.ID);
        return new MemberRemoveResponse { Header = headers.OfCluster, Members = { left } };
    }

    internal async Task<MemberUpdateResponse> UpdateAsync(MemberUpdateRequest request, ServerCall call)
    {
        var urls = string.Join(',', request.PeerURLs);
        await ChangeAsync(new MemberRequest { Kind = MemberRequest.Update, Id = Known(request.ID), PeerUrls = urls }, call);
        return new MemberUpdateResponse { Header = headers.OfCluster, Members = { await MembersAsync(call) } };
    }

    internal async Task<MemberPromoteResponse> PromoteAsync(MemberPromoteRequest request, ServerCall call)
    {
        await ChangeAsync(new MemberRequest { Kind = MemberRequest.Promote, Id = Known(request.ID) }, call);
        return new MemberPromoteResponse { Header = headers.OfCluster, Members = { await MembersAsync(call) } };
    }

    private static ulong Known(ulong id) => id != 0 ? id : throw MemberProblems.NotFound;

    private async Task<MemberPlan> ChangeAsync(MemberRequest request, ServerCall call)
    {
        var response = await replica.Parts.Members.RunAsync(request, replica.Parts.RequestMax, call.Over);
        return response.Outcome == ClientOutcome.Done ? response.Plan! : throw MemberProblems.Of(response);
    }

    /// <summary>As this member knows them. Who becomes a voter by itself is none of etcd's learners, which wait to be promoted.</summary>
    private async Task<WireMember[]> MembersAsync(ServerCall call)
    {
        var configuration = (await replica.StatusAsync(call.Over)).Configuration;
        return Array.ConvertAll(configuration.Members.ToArray(), found => new WireMember
        {
            ID = found.Id.Value, Name = found.Name, PeerURLs = { UrlsOf(found.PeerUrls) }, ClientURLs = { UrlsOf(found.ClientUrls) },
            IsLearner = found.Role == MemberRole.Learner,
        });
    }

    private static IEnumerable<string> UrlsOf(string addresses) => addresses.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(address => address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}");
}

using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.KeyValue.Commands;
using Balsa.Protocol.Etcd;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Server.Access;
using AlarmType = Balsa.KeyValue.Commands.AlarmType;
using WireAlarm = Balsa.Protocol.Etcd.AlarmType;

namespace Balsa.Server.Etcd;

/// <summary>etcd's Maintenance service, as far as it is served.</summary>
internal sealed class MaintenanceApi(ReplicaAccess replica, Headers headers)
{
    /// <summary>Answers without a leader and without the others: it is what one asks when something is wrong.</summary>
    internal async Task<StatusResponse> StatusAsync(StatusRequest request, ServerCall call)
    {
        var status = await replica.StatusAsync(call.Over);
        var sizes = replica.Parts.Sizes();
        var response = new StatusResponse
        {
            Header = headers.At(replica.Revision), Version = EtcdVersion.Server, StorageVersion = EtcdVersion.Storage,
            DbSize = sizes.Allocated, DbSizeInUse = sizes.Used, Leader = status.Leader.Value, RaftIndex = status.Commit.Value,
            RaftAppliedIndex = status.Applied.Value, RaftTerm = status.HardState.Term.Value,
            IsLearner = status.Configuration.Find(replica.Parts.Member)?.Role is MemberRole.Learner or MemberRole.PromotingLearner,
        };
        if (status.Leader.IsNone) response.Errors.Add(ReplicaProblems.NoLeader.Message);
        response.Errors.AddRange(replica.Parts.Alarms().Select(AlarmTexts.OfStatus));
        return response;
    }

    internal async Task<MoveLeaderResponse> MoveLeaderAsync(MoveLeaderRequest request, ServerCall call)
    {
        var status = await replica.StatusAsync(call.Over);
        if (status.Role != Role.Leader) throw ReplicaProblems.NotLeader;
        var target = new MemberId(request.TargetID);
        if (status.Configuration.Find(target)?.Role != MemberRole.Voter) throw ReplicaProblems.BadTransferee;
        // etcd, too, finds at once that what it was asked for is so.
        if (target != replica.Parts.Member) await replica.MoveLeadershipAsync(target, call.Over);
        return new MoveLeaderResponse { Header = headers.At(replica.Revision) };
    }

    internal async Task<AlarmResponse> AlarmAsync(AlarmRequest request, ServerCall call)
    {
        if (request.Action is < AlarmRequest.Types.AlarmAction.Get or > AlarmRequest.Types.AlarmAction.Deactivate
            || request.Alarm is < WireAlarm.None or > WireAlarm.Corrupt)
            throw new GrpcException(StatusCode.InvalidArgument, "balsa: there is no such alarm, or nothing like that can be done with one");
        var command = new AlarmCommand((AlarmAction)(byte)request.Action, (AlarmType)(byte)request.Alarm, request.MemberID);
        var answer = await replica.WriteAsync(CommandKind.Alarm, new CommandCodec().Alarm(command), call.Over);
        var response = new AlarmResponse { Header = headers.At(answer.Revision) };
        foreach (var raised in answer.Alarms)
            response.Alarms.Add(new AlarmMember { MemberID = raised.Member, Alarm = (WireAlarm)(int)raised.Type });
        return response;
    }
}

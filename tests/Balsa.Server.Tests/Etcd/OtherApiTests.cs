using Balsa.Grpc;
using Balsa.Grpc.Client;
using Balsa.Protocol.Etcd;
using Balsa.Protocol.Health;
using Balsa.Protocol.Sessions;
using Balsa.Server.Etcd;
using Google.Protobuf;
using Serving = Balsa.Protocol.Health.HealthCheckResponse.Types.ServingStatus;

namespace Balsa.Server.Tests.Etcd;

/// <summary>Members, status, leadership, alarms, health and sessions on a real node.</summary>
public sealed class OtherApiTests(OneNode node) : IClassFixture<OneNode>
{
    [Fact]
    public async Task The_member_list_names_addresses_that_clients_can_use()
    {
        foreach (var linearizable in (bool[])[false, true])
        {
            var list = await node.AskAsync(EtcdMethods.MemberList, new MemberListRequest { Linearizable = linearizable });
            var member = Assert.Single(list.Members);
            Assert.Equal((1UL, "n1", false), (member.ID, member.Name, member.IsLearner));
            Assert.Equal(node.Address.OriginalString, Assert.Single(member.ClientURLs));
            Assert.Equal($"http://{node.Peer}", Assert.Single(member.PeerURLs));
            Assert.Equal((node.Cluster, 0L), (list.Header.ClusterId, list.Header.Revision));
        }
    }

    [Fact]
    public async Task The_status_says_who_leads_and_how_far_it_is()
    {
        var put = await PutAsync("status");
        var status = await node.AskAsync(EtcdMethods.Status, new StatusRequest());
        Assert.Equal((1UL, false, 1UL), (status.Leader, status.IsLearner, status.RaftTerm));
        Assert.True(status.Header.Revision >= put.Header.Revision);
        Assert.True(status.RaftIndex >= 2 && status.RaftAppliedIndex == status.RaftIndex);
        Assert.True(status.DbSize >= status.DbSizeInUse && status.DbSizeInUse > 0);
        Assert.Empty(status.Errors);
        Assert.True(Version.TryParse(status.Version, out _));
    }

    [Fact]
    public async Task Leadership_goes_to_voters_only()
    {
        await PutAsync("leader");
        var bad = (StatusCode.FailedPrecondition, "etcdserver: bad leader transferee");
        Assert.Equal(bad, await node.RefusedAsync(EtcdMethods.MoveLeader, new MoveLeaderRequest { TargetID = 9 }));
        Assert.Equal(bad, await node.RefusedAsync(EtcdMethods.MoveLeader, new MoveLeaderRequest()));
        Assert.NotNull((await node.AskAsync(EtcdMethods.MoveLeader, new MoveLeaderRequest { TargetID = 1 })).Header);
    }

    [Fact]
    public async Task An_alarm_stops_writes_until_it_is_ended()
    {
        var raise = new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Activate, MemberID = 1, Alarm = AlarmType.Nospace };
        Assert.Equal(AlarmType.Nospace, Assert.Single((await node.AskAsync(EtcdMethods.Alarm, raise)).Alarms).Alarm);
        Assert.Equal(
            (StatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded"),
            await node.RefusedAsync(EtcdMethods.Put, new PutRequest { Key = ByteString.CopyFromUtf8("full") }));
        Assert.Equal(1UL, Assert.Single((await node.AskAsync(EtcdMethods.Alarm, new AlarmRequest())).Alarms).MemberID);
        raise.Action = AlarmRequest.Types.AlarmAction.Deactivate;
        Assert.Single((await node.AskAsync(EtcdMethods.Alarm, raise)).Alarms);
        Assert.Empty((await node.AskAsync(EtcdMethods.Alarm, new AlarmRequest())).Alarms);
        await PutAsync("full");
        var unknown = await node.RefusedAsync(EtcdMethods.Alarm, new AlarmRequest { Alarm = (AlarmType)258 });
        Assert.Equal(StatusCode.InvalidArgument, unknown.Code);
    }

    [Fact]
    public async Task Health_is_told_once_and_watched()
    {
        Assert.Equal(Serving.Serving, (await node.AskAsync(EtcdMethods.HealthCheck, new HealthCheckRequest())).Status);
        Assert.Equal(
            (StatusCode.NotFound, "unknown service"),
            await node.RefusedAsync(EtcdMethods.HealthCheck, new HealthCheckRequest { Service = "other" }));
        using var watch = node.Channel.Ask(
            EtcdMethods.HealthWatch, new HealthCheckRequest(), new CallOptions { Timeout = TimeSpan.FromSeconds(20) });
        Assert.Equal(Serving.Serving, (await watch.ReadAsync())!.Status);
    }

    [Fact]
    public async Task A_write_that_is_sent_twice_under_a_session_happens_once()
    {
        var opened = await node.AskAsync(EtcdMethods.SessionOpen, new SessionOpenRequest());
        Assert.Equal(60, opened.Seconds);
        (string, string)[] first = [(SessionHeaders.Session, $"{opened.Session}"), (SessionHeaders.Request, "1")];
        (string, string)[] second = [first[0], (SessionHeaders.Request, "2")];
        var key = ByteString.CopyFromUtf8("once");
        var put = await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = key, PrevKv = true }, first);
        var again = await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = key, PrevKv = true }, first);
        Assert.Equal((put.Header.Revision, put.PrevKv), (again.Header.Revision, again.PrevKv));
        Assert.NotNull((await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = key, PrevKv = true }, second)).PrevKv);

        await node.AskAsync(EtcdMethods.SessionKeepAlive, new SessionKeepAliveRequest { Session = opened.Session });
        await node.AskAsync(EtcdMethods.SessionClose, new SessionCloseRequest { Session = opened.Session });
        var unknown = (StatusCode.FailedPrecondition, "balsa: the session is unknown or expired; the request was not run");
        Assert.Equal(unknown, await node.RefusedAsync(EtcdMethods.Put, new PutRequest { Key = key }, second));
        Assert.Equal(
            unknown, await node.RefusedAsync(EtcdMethods.SessionKeepAlive, new SessionKeepAliveRequest { Session = opened.Session }));
    }

    [Fact]
    public async Task Metadata_of_a_session_that_is_no_number_is_refused()
    {
        var put = new PutRequest { Key = ByteString.CopyFromUtf8("s") };
        Assert.Equal(
            (StatusCode.InvalidArgument, "balsa: the metadata balsa-session is \"mine\", and it must be a number"),
            await node.RefusedAsync(EtcdMethods.Put, put, (SessionHeaders.Session, "mine")));
        Assert.Equal(
            (StatusCode.InvalidArgument, "balsa: balsa-request is given without balsa-session"),
            await node.RefusedAsync(EtcdMethods.Put, put, (SessionHeaders.Request, "1")));
    }

    [Fact]
    public async Task A_caller_may_insist_on_a_leader()
    {
        await PutAsync("led");
        var range = new RangeRequest { Key = ByteString.CopyFromUtf8("led"), Serializable = true };
        Assert.Equal(1, (await node.AskAsync(EtcdMethods.Range, range, ("hasleader", "true"))).Count);
    }

    private Task<PutResponse> PutAsync(string key) =>
        node.AskAsync(EtcdMethods.Put, new PutRequest { Key = ByteString.CopyFromUtf8(key) });
}

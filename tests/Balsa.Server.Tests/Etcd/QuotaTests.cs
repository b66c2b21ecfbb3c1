using Balsa.Grpc;
using Balsa.Protocol.Etcd;
using Balsa.Server.Etcd;
using Google.Protobuf;

namespace Balsa.Server.Tests.Etcd;

public sealed class QuotaTests
{
    private static readonly (StatusCode, string) Full = (StatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded");

    [Fact]
    public async Task A_store_at_its_quota_raises_the_alarm_and_takes_writes_again_when_room_was_made_and_the_alarm_ended()
    {
        await using var node = new OneNode { QuotaBytes = 8 << 20 };
        await node.InitializeAsync();
        var revision = 0L;
        var refused = default((StatusCode Code, string Message)?);
        for (var i = 0; i < 20 && refused is null; i++)
        {
            try
            {
                revision = (await node.AskAsync(EtcdMethods.Put, Put("key", 1 << 20))).Header.Revision;
            }
            catch (GrpcException problem)
            {
                refused = (problem.Code, problem.Message);
            }
        }

        Assert.Equal(Full, refused);
        await WaitForAlarmAsync(node);
        Assert.Equal(Full, await node.RefusedAsync(EtcdMethods.Put, Put("small", 1)));
        await node.AskAsync(EtcdMethods.DeleteRange, new DeleteRangeRequest { Key = ByteString.CopyFromUtf8("nothing") });

        // As an operator does it: forget the history, then end the alarm.
        await node.AskAsync(EtcdMethods.Compact, new CompactionRequest { Revision = revision });
        await node.AskAsync(
            EtcdMethods.Alarm,
            new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Deactivate, MemberID = 1, Alarm = AlarmType.Nospace });
        await node.AskAsync(EtcdMethods.Put, Put("small", 1));
    }

    private static async Task WaitForAlarmAsync(OneNode node)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await node.AskAsync(EtcdMethods.Alarm, new AlarmRequest())).Alarms.Count == 0) await Task.Delay(10, limit.Token);
    }

    private static PutRequest Put(string key, int bytes) =>
        new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFrom(new byte[bytes]) };
}

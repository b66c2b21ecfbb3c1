using System.Text.Json;
using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using StoredKey = Balsa.KeyValue.Answers.KeyValue;

namespace Balsa.Etcd.Tests.Server;

/// <summary>Takes the gateway's JSON apart: what has its default value is absent, 64-bit numbers are strings, bytes are base64.</summary>
internal static class GatewayReader
{
    public static Outcome Read(Step step, JsonElement reply)
    {
        if (reply.TryGetProperty("error", out var error)) return Outcome.Refused(error.GetString()!, reply.GetProperty("code").GetInt32());
        if (step is LeasesStep) return Leases(reply);
        return Outcome.Of(step switch
        {
            PutStep => Put(reply),
            DeleteStep => Delete(reply),
            RangeStep => Range(reply),
            TxnStep => Txn(reply),
            GrantStep => new Answer { Revision = Revision(reply), Id = Number(reply, "ID"), Seconds = Number(reply, "TTL") },
            AlarmStep => new Answer { Alarms = [.. List(reply, "alarms").Select(Alarm)] },
            _ => new Answer { Revision = Revision(reply) },
        });
    }

    public static WatchEvent Event(JsonElement change) => new(
        change.TryGetProperty("type", out var type) && type.GetString() == "DELETE",
        Value(change.GetProperty("kv")),
        change.TryGetProperty("prev_kv", out var before) ? Value(before) : null);

    public static long Number(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? long.Parse(value.GetString()!) : 0;

    public static bool Flag(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.GetBoolean();

    public static IEnumerable<JsonElement> List(JsonElement from, string name) =>
        from.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static Outcome Leases(JsonElement reply) => new()
    {
        Answer = new Answer { Revision = Revision(reply) }, Leases = [.. List(reply, "leases").Select(lease => Number(lease, "ID"))],
    };

    private static Answer Put(JsonElement reply) => new()
    {
        Kind = OperationKind.Put, Revision = Revision(reply),
        Values = reply.TryGetProperty("prev_kv", out var before) ? [Value(before)] : [],
    };

    private static Answer Delete(JsonElement reply) => new()
    {
        Kind = OperationKind.Delete, Revision = Revision(reply), Count = Number(reply, "deleted"),
        Values = [.. List(reply, "prev_kvs").Select(Value)],
    };

    private static Answer Range(JsonElement reply) => new()
    {
        Kind = OperationKind.Range, Revision = Revision(reply), Count = Number(reply, "count"), More = Flag(reply, "more"),
        Values = [.. List(reply, "kvs").Select(Value)],
    };

    private static Answer Txn(JsonElement reply) => new()
    {
        Kind = OperationKind.Txn, Revision = Revision(reply), Succeeded = Flag(reply, "succeeded"),
        Responses = [.. List(reply, "responses").Select(Response)],
    };

    private static Answer Response(JsonElement response)
    {
        var set = response.EnumerateObject().Single();
        return set.Name switch
        {
            "response_put" => Put(set.Value),
            "response_delete_range" => Delete(set.Value),
            "response_range" => Range(set.Value),
            _ => Txn(set.Value),
        };
    }

    private static RaisedAlarm Alarm(JsonElement alarm)
    {
        var type = alarm.GetProperty("alarm").GetString() == "NOSPACE" ? AlarmType.NoSpace : AlarmType.Corrupt;
        return new RaisedAlarm(alarm.TryGetProperty("memberID", out var member) ? ulong.Parse(member.GetString()!) : 0, type);
    }

    private static StoredKey Value(JsonElement value) => new(Bytes(value, "key"), Bytes(value, "value"), Number(value, "create_revision"),
        Number(value, "mod_revision"), Number(value, "version"), Number(value, "lease"));

    private static byte[] Bytes(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetBytesFromBase64() : [];

    private static long Revision(JsonElement reply) => Number(reply.GetProperty("header"), "revision");
}

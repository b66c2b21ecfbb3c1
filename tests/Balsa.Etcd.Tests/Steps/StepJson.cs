using System.Text.Json.Nodes;
using Balsa.KeyValue.Commands;

namespace Balsa.Etcd.Tests.Steps;

/// <summary>Steps as etcd's gateway takes them. Enumerations go as numbers, so that unknown ones can be sent too.</summary>
internal static class StepJson
{
    public static string Route(Step step) => step switch
    {
        PutStep => "kv/put",
        DeleteStep => "kv/deleterange",
        RangeStep => "kv/range",
        TxnStep => "kv/txn",
        CompactStep => "kv/compaction",
        GrantStep => "lease/grant",
        RevokeStep => "lease/revoke",
        LeasesStep => "lease/leases",
        AlarmStep => "maintenance/alarm",
        WatchStep or UnwatchStep => "watch",
        _ => throw new ArgumentException($"A {step.Kind} has no route.", nameof(step)),
    };

    public static JsonObject Body(Step step) => step switch
    {
        PutStep put => Put(put),
        DeleteStep delete => new() { ["key"] = Text(delete.Key), ["range_end"] = Text(delete.End), ["prev_kv"] = delete.ReturnPrevious },
        RangeStep range => Range(range),
        TxnStep txn => Txn(txn),
        UnsetStep or LeasesStep => [],
        CompactStep compact => new() { ["revision"] = Text(compact.Revision), ["physical"] = true },
        GrantStep grant => new() { ["ID"] = Text(grant.Lease), ["TTL"] = Text(grant.Seconds) },
        RevokeStep revoke => new() { ["ID"] = Text(revoke.Lease) },
        AlarmStep alarm => new() { ["action"] = (int)alarm.Action, ["alarm"] = (int)alarm.Type, ["memberID"] = $"{alarm.Member}" },
        WatchStep watch => new() { ["create_request"] = Watch(watch) },
        UnwatchStep unwatch => new() { ["watch"] = unwatch.Id, ["read_until"] = Text(unwatch.LastRevision) },
        _ => throw new ArgumentException($"A {step.Kind} has no body.", nameof(step)),
    };

    private static JsonObject Put(PutStep put) => new()
    {
        ["key"] = Text(put.Key), ["value"] = Text(put.Value), ["lease"] = Text(put.Lease),
        ["prev_kv"] = put.Options.HasFlag(PutOptions.ReturnPrevious),
        ["ignore_value"] = put.Options.HasFlag(PutOptions.KeepValue), ["ignore_lease"] = put.Options.HasFlag(PutOptions.KeepLease),
    };

    private static JsonObject Range(RangeStep range) => new()
    {
        ["key"] = Text(range.Key), ["range_end"] = Text(range.End), ["limit"] = Text(range.Limit), ["revision"] = Text(range.Revision),
        ["sort_order"] = (int)range.Order, ["sort_target"] = (int)range.Target,
        ["serializable"] = range.Options.HasFlag(RangeOptions.Serializable),
        ["keys_only"] = range.Options.HasFlag(RangeOptions.KeysOnly), ["count_only"] = range.Options.HasFlag(RangeOptions.CountOnly),
        ["min_mod_revision"] = Text(range.ModifiedMin), ["max_mod_revision"] = Text(range.ModifiedMax),
        ["min_create_revision"] = Text(range.CreatedMin), ["max_create_revision"] = Text(range.CreatedMax),
    };

    private static JsonObject Txn(TxnStep txn) => new()
    {
        ["compare"] = List(txn.If.Select(Compare)),
        ["success"] = List(txn.Then.Select(Operation)),
        ["failure"] = List(txn.Else.Select(Operation)),
    };

    private static JsonObject Operation(Step step) => step switch
    {
        PutStep => new() { ["request_put"] = Body(step) },
        DeleteStep => new() { ["request_delete_range"] = Body(step) },
        RangeStep => new() { ["request_range"] = Body(step) },
        TxnStep => new() { ["request_txn"] = Body(step) },
        _ => Body(step),
    };

    private static JsonObject Compare(Condition condition)
    {
        var body = new JsonObject
        {
            ["target"] = (int)condition.Target, ["result"] = (int)condition.Result,
            ["key"] = Text(condition.Key), ["range_end"] = Text(condition.End),
        };
        if (condition.Given is not { } given) return body;
        var field = given switch
        {
            CompareTarget.Version => "version",
            CompareTarget.Created => "create_revision",
            CompareTarget.Modified => "mod_revision",
            CompareTarget.Value => "value",
            _ => "lease",
        };
        body[field] = given == CompareTarget.Value ? Text(condition.Value) : Text(condition.Number);
        return body;
    }

    private static JsonObject Watch(WatchStep watch)
    {
        var filters = new JsonArray();
        if (watch.NoPut) filters.Add("NOPUT");
        if (watch.NoDelete) filters.Add("NODELETE");
        return new JsonObject
        {
            ["key"] = Text(watch.Key), ["range_end"] = Text(watch.End), ["start_revision"] = Text(watch.Start),
            ["prev_kv"] = watch.ReturnPrevious, ["filters"] = filters,
        };
    }

    private static JsonArray List(IEnumerable<JsonObject> items) => [.. items];

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes);

    private static string Text(long number) => number.ToString();
}

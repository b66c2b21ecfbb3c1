using System.Text;
using Balsa.KeyValue.Commands;

namespace Balsa.Etcd.Tests.Steps;

/// <summary>Steps in few words, for tests that are read. A character is a byte.</summary>
internal static class Short
{
    public static PutStep Put(string key, string value = "", long lease = 0, PutOptions options = PutOptions.None) =>
        new(Bytes(key), Bytes(value)) { Lease = lease, Options = options };

    public static DeleteStep Delete(string key, string end = "", bool previous = false) => new(Bytes(key), Bytes(end), previous);

    public static RangeStep Range(string key, string end = "") => new(Bytes(key), Bytes(end));

    public static TxnStep Txn(params IReadOnlyList<Step> then) => new([], then, []);

    public static TxnStep If(params IReadOnlyList<Condition> conditions) => new(conditions, [], []);

    public static TxnStep Else(params IReadOnlyList<Step> steps) => new([], [], steps);

    public static Condition Is(CompareTarget target, string key, CompareResult result, long number, string end = "") =>
        new(target, result, Bytes(key), Bytes(end)) { Given = target, Number = number };

    public static Condition Is(string key, CompareResult result, string value, string end = "") =>
        new(CompareTarget.Value, result, Bytes(key), Bytes(end)) { Given = CompareTarget.Value, Value = Bytes(value) };

    public static WatchStep Watch(string key, string end, long start) => new(1, Bytes(key), Bytes(end), start) { ReturnPrevious = true };

    public static UnwatchStep Unwatch(long lastRevision) => new(1, lastRevision);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}

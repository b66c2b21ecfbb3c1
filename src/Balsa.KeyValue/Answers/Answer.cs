using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Answers;

/// <summary>A key as it was at some revision. The arrays are the reader's own.</summary>
public sealed record KeyValue(byte[] Key, byte[] Value, long Created, long Modified, long Version, long Lease);

/// <summary>An alarm that a member raised.</summary>
public readonly record struct RaisedAlarm(ulong Member, AlarmType Type);

/// <summary>
/// What a command or query gave, taken apart for callers. On the wire:
/// <code>
/// answer   error | revision | body, only when there is no error
/// put      0, or 1 and the previous key-value
/// delete   deleted | count of previous | key-values
/// range    count | more | count of key-values | key-values
/// txn      succeeded | count | each: kind of operation | length | 8 revision | body
/// lease    id | seconds                   (grant)
/// alarm    count | each: member | type
/// session  id
/// </code>
/// A key-value is <c>key | created | modified | version | value | lease</c>.
/// </summary>
public sealed record Answer
{
    public StoreError Error { get; init; }

    /// <summary>The store's revision after it.</summary>
    public long Revision { get; init; }

    /// <summary>Keys found, or the previous ones.</summary>
    public IReadOnlyList<KeyValue> Values { get; init; } = [];

    /// <summary>Keys in the range whatever the limit, or keys deleted.</summary>
    public long Count { get; init; }

    public bool More { get; init; }

    public bool Succeeded { get; init; }

    /// <summary>Of a transaction: an answer for each operation of the branch taken.</summary>
    public IReadOnlyList<Answer> Responses { get; init; } = [];

    /// <summary>Of an answer inside a transaction: which operation it answers.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>Lease or session.</summary>
    public long Id { get; init; }

    public long Seconds { get; init; }

    public IReadOnlyList<RaisedAlarm> Alarms { get; init; } = [];

    /// <summary>Takes an answer apart. Throws when the bytes are no answer to a command of this kind.</summary>
    public static Answer Read(CommandKind kind, ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var answer = new Answer { Error = (StoreError)from.Byte(), Revision = from.Number() };
        if (answer.Error == StoreError.None) answer = AnswerReader.Body(kind, answer, ref from);
        return from.EndedWell ? answer : throw new ArgumentException($"This is no answer to a {kind} command.", nameof(bytes));
    }

    /// <summary>Takes the answer to a query of a range apart.</summary>
    public static Answer ReadRange(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var answer = new Answer { Error = (StoreError)from.Byte(), Revision = from.Number(), Kind = OperationKind.Range };
        if (answer.Error == StoreError.None) answer = AnswerReader.Range(answer, ref from);
        return from.EndedWell ? answer : throw new ArgumentException("This is no answer to a range.", nameof(bytes));
    }
}

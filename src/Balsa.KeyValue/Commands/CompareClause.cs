using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>As in etcd's API, values included. Any other value holds always.</summary>
public enum CompareResult : byte { Equal = 0, Greater = 1, Less = 2, NotEqual = 3 }

/// <summary>As in etcd's API, values included. Any other target counts as equal.</summary>
public enum CompareTarget : byte { Version = 0, Created = 1, Modified = 2, Value = 3, Lease = 4 }

/// <summary>
/// One condition of a transaction, on a key or on every key of a range: <c>result | target | key | end | number | value</c>.
/// </summary>
public readonly ref struct CompareClause
{
    public CompareResult Result { get; init; }

    public CompareTarget Target { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> End { get; init; }

    /// <summary>What to compare with, unless the target is the value.</summary>
    public long Number { get; init; }

    /// <summary>What to compare with when the target is the value.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    public void Write(ByteWriter into)
    {
        into.Byte((byte)Result);
        into.Byte((byte)Target);
        into.Bytes(Key);
        into.Bytes(End);
        into.Varint(Number);
        into.Bytes(Value);
    }

    public static CompareClause Read(scoped ref ByteReader from) => new()
    {
        Result = (CompareResult)from.Byte(), Target = (CompareTarget)from.Byte(), Key = from.Bytes(), End = from.Bytes(),
        Number = from.Number(), Value = from.Bytes(),
    };
}

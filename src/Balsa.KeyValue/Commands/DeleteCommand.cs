using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>Removes a key or a range of keys: <c>return previous | key | end</c>. The end is as in <see cref="RangeQuery"/>.</summary>
public readonly ref struct DeleteCommand
{
    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> End { get; init; }

    public bool ReturnPrevious { get; init; }

    public void Write(ByteWriter into)
    {
        into.Byte(ReturnPrevious ? (byte)1 : (byte)0);
        into.Bytes(Key);
        into.Bytes(End);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out DeleteCommand command)
    {
        var from = new ByteReader(body);
        var options = from.Byte();
        command = new DeleteCommand { ReturnPrevious = options == 1, Key = from.Bytes(), End = from.Bytes() };
        return from.EndedWell && options <= 1;
    }
}

using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

[Flags]
public enum PutOptions : byte
{
    None = 0,

    /// <summary>The answer holds what was there before.</summary>
    ReturnPrevious = 1,

    /// <summary>etcd's ignore_value: only the lease changes.</summary>
    KeepValue = 2,

    /// <summary>etcd's ignore_lease: only the value changes.</summary>
    KeepLease = 4,

    /// <summary>Replace: refused when the key is not there.</summary>
    MustExist = 8,

    All = ReturnPrevious | KeepValue | KeepLease | MustExist,
}

/// <summary>Stores a value under a key: <c>options | key | value | lease</c>.</summary>
public readonly ref struct PutCommand
{
    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The lease that the key belongs to from now on; 0: none.</summary>
    public long Lease { get; init; }

    public PutOptions Options { get; init; }

    public bool Has(PutOptions option) => (Options & option) != PutOptions.None;

    public void Write(ByteWriter into)
    {
        into.Byte((byte)Options);
        into.Bytes(Key);
        into.Bytes(Value);
        into.Varint(Lease);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out PutCommand command)
    {
        var from = new ByteReader(body);
        command = new PutCommand
        {
            Options = (PutOptions)from.Byte(), Key = from.Bytes(), Value = from.Bytes(), Lease = from.Number(),
        };
        return from.EndedWell && (command.Options & ~PutOptions.All) == PutOptions.None;
    }
}

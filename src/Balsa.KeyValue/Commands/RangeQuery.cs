using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>As in etcd's API, values included.</summary>
public enum SortOrder : byte { None = 0, Ascending = 1, Descending = 2 }

/// <summary>As in etcd's API, values included.</summary>
public enum SortTarget : byte { Key = 0, Version = 1, Created = 2, Modified = 3, Value = 4 }

[Flags]
public enum RangeOptions : byte
{
    None = 0,
    KeysOnly = 1,
    CountOnly = 2,

    /// <summary>A member may answer from what it has. It changes nothing in the store; whoever asks looks at it.</summary>
    Serializable = 4,
    All = KeysOnly | CountOnly | Serializable,
}

/// <summary>
/// Reads keys: one when <see cref="End"/> is empty, all from <see cref="Key"/> on when it is a single zero byte, otherwise
/// those from <see cref="Key"/> up to and without <see cref="End"/>.
/// <c>options | key | end | limit | revision | order | target | 4 bounds of revisions</c>.
/// </summary>
public readonly ref struct RangeQuery
{
    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> End { get; init; }

    /// <summary>At most so many; all when not above 0.</summary>
    public long Limit { get; init; }

    /// <summary>The state as of this revision; the newest when not above 0.</summary>
    public long Revision { get; init; }

    public SortOrder Order { get; init; }

    public SortTarget Target { get; init; }

    public RangeOptions Options { get; init; }

    /// <summary>0 bounds nothing; so for the other three.</summary>
    public long ModifiedMin { get; init; }

    public long ModifiedMax { get; init; }

    public long CreatedMin { get; init; }

    public long CreatedMax { get; init; }

    public bool Has(RangeOptions option) => (Options & option) != RangeOptions.None;

    public bool HasFilters => (ModifiedMin | ModifiedMax | CreatedMin | CreatedMax) != 0;

    public void Write(ByteWriter into)
    {
        into.Byte((byte)Options);
        into.Bytes(Key);
        into.Bytes(End);
        into.Varint(Limit);
        into.Varint(Revision);
        into.Byte((byte)Order);
        into.Byte((byte)Target);
        into.Varint(ModifiedMin);
        into.Varint(ModifiedMax);
        into.Varint(CreatedMin);
        into.Varint(CreatedMax);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out RangeQuery query)
    {
        var from = new ByteReader(body);
        query = new RangeQuery
        {
            Options = (RangeOptions)from.Byte(), Key = from.Bytes(), End = from.Bytes(), Limit = from.Number(),
            Revision = from.Number(), Order = (SortOrder)from.Byte(), Target = (SortTarget)from.Byte(),
            ModifiedMin = from.Number(), ModifiedMax = from.Number(), CreatedMin = from.Number(), CreatedMax = from.Number(),
        };
        return from.EndedWell && (query.Options & ~RangeOptions.All) == RangeOptions.None;
    }
}

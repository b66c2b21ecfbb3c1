using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.Simulation.Stores.Requests;

/// <summary>A query as plain arrays. 0 bounds nothing.</summary>
internal sealed record PlainRange(byte[] Key, byte[] End) : PlainOperation
{
    internal override OperationKind Kind => OperationKind.Range;

    internal long Limit { get; init; }

    internal long Revision { get; init; }

    internal SortOrder Order { get; init; }

    internal SortTarget Target { get; init; }

    internal RangeOptions Options { get; init; }

    internal long ModifiedMin { get; init; }

    internal long ModifiedMax { get; init; }

    internal long CreatedMin { get; init; }

    internal long CreatedMax { get; init; }

    internal bool HasFilters => ModifiedMin != 0 || ModifiedMax != 0 || CreatedMin != 0 || CreatedMax != 0;

    internal RangeQuery Query => new()
    {
        Key = Key, End = End, Limit = Limit, Revision = Revision, Order = Order, Target = Target, Options = Options,
        ModifiedMin = ModifiedMin, ModifiedMax = ModifiedMax, CreatedMin = CreatedMin, CreatedMax = CreatedMax,
    };

    internal static PlainRange Of(in RangeQuery query) => new(query.Key.ToArray(), query.End.ToArray())
    {
        Limit = query.Limit, Revision = query.Revision, Order = query.Order, Target = query.Target, Options = query.Options,
        ModifiedMin = query.ModifiedMin, ModifiedMax = query.ModifiedMax, CreatedMin = query.CreatedMin, CreatedMax = query.CreatedMax,
    };

    internal bool Has(RangeOptions option) => (Options & option) != RangeOptions.None;

    internal override void Write(ByteWriter into) => Query.Write(into);

    public override string ToString()
    {
        var text = $"range {Words.Range(Key, End)}";
        if (Revision != 0) text += $" at {Revision}";
        if (Limit != 0) text += $" limit {Limit}";
        if (Order != SortOrder.None || Target != SortTarget.Key) text += $" by {Target} {Order}";
        if (Options != RangeOptions.None) text += $" [{Options}]";
        if (ModifiedMin != 0 || ModifiedMax != 0) text += $" modified {ModifiedMin}..{ModifiedMax}";
        return CreatedMin != 0 || CreatedMax != 0 ? $"{text} created {CreatedMin}..{CreatedMax}" : text;
    }
}

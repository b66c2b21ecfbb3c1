using Balsa.KeyValue.Commands;

namespace Balsa.Etcd.Tests.Steps;

/// <summary>Something to ask of a store, in no store's own form.</summary>
internal abstract record Step
{
    /// <summary>What it is counted as.</summary>
    public string Kind => GetType().Name.Replace("Step", "", StringComparison.Ordinal).ToLowerInvariant();
}

internal sealed record PutStep(byte[] Key, byte[] Value) : Step
{
    public long Lease { get; init; }

    public PutOptions Options { get; init; }
}

internal sealed record DeleteStep(byte[] Key, byte[] End, bool ReturnPrevious = false) : Step;

internal sealed record RangeStep(byte[] Key, byte[] End) : Step
{
    public long Limit { get; init; }

    public long Revision { get; init; }

    public SortOrder Order { get; init; }

    public SortTarget Target { get; init; }

    public RangeOptions Options { get; init; }

    public long ModifiedMin { get; init; }

    public long ModifiedMax { get; init; }

    public long CreatedMin { get; init; }

    public long CreatedMax { get; init; }
}

/// <summary>One condition. A request may carry a number or value for another target than it names, or none at all.</summary>
internal sealed record Condition(CompareTarget Target, CompareResult Result, byte[] Key, byte[] End)
{
    /// <summary>Which target the number or value was given for; null: none was.</summary>
    public CompareTarget? Given { get; init; }

    public long Number { get; init; }

    public byte[] Value { get; init; } = [];
}

internal sealed record TxnStep(IReadOnlyList<Condition> If, IReadOnlyList<Step> Then, IReadOnlyList<Step> Else) : Step;

/// <summary>An operation of a transaction whose kind the client left open.</summary>
internal sealed record UnsetStep : Step;

internal sealed record CompactStep(long Revision) : Step;

internal sealed record GrantStep(long Lease, long Seconds) : Step;

internal sealed record RevokeStep(long Lease) : Step;

internal sealed record AlarmStep(AlarmAction Action, AlarmType Type, ulong Member) : Step;

/// <summary>Lists the leases.</summary>
internal sealed record LeasesStep : Step;

/// <summary>Opens a watch; its events are the outcome of the step that ends it.</summary>
internal sealed record WatchStep(int Id, byte[] Key, byte[] End, long Start) : Step
{
    public bool ReturnPrevious { get; init; }

    public bool NoPut { get; init; }

    public bool NoDelete { get; init; }
}

/// <summary>Ends a watch after its event of this revision, which must have happened already, or after its cancellation.</summary>
internal sealed record UnwatchStep(int Id, long LastRevision) : Step;

using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Model;

/// <summary>One thing that happened to one key. A delete has only key and revision.</summary>
internal sealed record NaiveVersion(byte[] Key, long Modified)
{
    internal byte[] Value { get; init; } = [];

    internal long Created { get; init; }

    internal long Version { get; init; }

    internal long Lease { get; init; }

    internal bool IsDelete { get; init; }

    internal KeyValue.Answers.KeyValue ToAnswer(bool withoutValue = false) =>
        new(Key, withoutValue ? [] : Value, Created, Modified, Version, Lease);

    public override string ToString() =>
        IsDelete ? $"{Modified}: delete {Requests.Words.Bytes(Key)}"
            : $"{Modified}: {Requests.Words.Bytes(Key)}={Requests.Words.Bytes(Value)} created {Created} version {Version} lease {Lease}";
}

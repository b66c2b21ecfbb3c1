namespace Balsa.KeyValue.Store;

/// <summary>Revisions from which on nothing may be freed, because somebody walks through the state in slices.</summary>
internal sealed class Pins
{
    private readonly List<long> _held = [];

    internal long Lowest { get; private set; } = long.MaxValue;

    internal void Add(long revision)
    {
        _held.Add(revision);
        Lowest = Math.Min(Lowest, revision);
    }

    internal void Remove(long revision)
    {
        _held.Remove(revision);
        Lowest = long.MaxValue;
        foreach (var held in _held) Lowest = Math.Min(Lowest, held);
    }
}

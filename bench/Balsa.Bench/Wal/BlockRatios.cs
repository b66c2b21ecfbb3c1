namespace Balsa.Bench.Wal;

/// <summary>How two contenders compare, block by block: whatever else the machine does, it does to both neighbours.</summary>
public sealed class BlockRatios
{
    private readonly double[] _ascending;

    internal BlockRatios(IEnumerable<double> first, IEnumerable<double> second) =>
        _ascending = [.. first.Zip(second, (one, other) => one / other).Order()];

    public int Count => _ascending.Length;

    public double Median => _ascending[_ascending.Length / 2];

    public double Least => _ascending[0];

    public double Most => _ascending[^1];
}

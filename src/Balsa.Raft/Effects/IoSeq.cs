namespace Balsa.Raft.Effects;

/// <summary>The number of a storage operation: assigned by the core, without gaps, in the order they must reach the disk.</summary>
public readonly record struct IoSeq(ulong Value) : IComparable<IoSeq>
{
    /// <summary>As a condition: needs nothing to be durable first.</summary>
    public static IoSeq Now => default;

    public IoSeq Next => new(Value + 1);

    public int CompareTo(IoSeq other) => Value.CompareTo(other.Value);

    public static IoSeq Later(IoSeq a, IoSeq b) => a.Value > b.Value ? a : b;

    public static bool operator <(IoSeq a, IoSeq b) => a.Value < b.Value;
    public static bool operator >(IoSeq a, IoSeq b) => a.Value > b.Value;
    public static bool operator <=(IoSeq a, IoSeq b) => a.Value <= b.Value;
    public static bool operator >=(IoSeq a, IoSeq b) => a.Value >= b.Value;

    public override string ToString() => $"io{Value}";
}

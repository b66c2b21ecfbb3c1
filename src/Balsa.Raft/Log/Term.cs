namespace Balsa.Raft.Log;

/// <summary>A leader's reign. Never mixed up with an index: there is no conversion between them.</summary>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    /// <summary>Larger terms can only come from a damaged or hostile message and are refused at the gate.</summary>
    public static Term Max => new(1UL << 60);

    public static Term Zero => default;

    public Term Next() => new(checked(Value + 1));

    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    public static bool operator <(Term a, Term b) => a.Value < b.Value;
    public static bool operator >(Term a, Term b) => a.Value > b.Value;
    public static bool operator <=(Term a, Term b) => a.Value <= b.Value;
    public static bool operator >=(Term a, Term b) => a.Value >= b.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

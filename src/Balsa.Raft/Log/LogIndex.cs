namespace Balsa.Raft.Log;

/// <summary>A place in the log. The first entry stands at 1; 0 is "before the first entry".</summary>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    /// <summary>Larger indexes can only come from a damaged or hostile message and are refused at the gate.</summary>
    public static LogIndex Max => new(1UL << 60);

    public static LogIndex Zero => default;

    public LogIndex Next => new(Value + 1);

    /// <summary>The place before; the place before 0 does not exist and is a programming error.</summary>
    public LogIndex Previous => new(checked(Value - 1));

    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    public static LogIndex Smaller(LogIndex a, LogIndex b) => a.Value < b.Value ? a : b;

    public static LogIndex Larger(LogIndex a, LogIndex b) => a.Value > b.Value ? a : b;

    public static LogIndex operator +(LogIndex index, ulong distance) => new(index.Value + distance);
    public static LogIndex operator -(LogIndex index, ulong distance) => new(checked(index.Value - distance));
    public static ulong operator -(LogIndex a, LogIndex b) => checked(a.Value - b.Value);
    public static bool operator <(LogIndex a, LogIndex b) => a.Value < b.Value;
    public static bool operator >(LogIndex a, LogIndex b) => a.Value > b.Value;
    public static bool operator <=(LogIndex a, LogIndex b) => a.Value <= b.Value;
    public static bool operator >=(LogIndex a, LogIndex b) => a.Value >= b.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

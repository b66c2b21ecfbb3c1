namespace Balsa.Raft.Identity;

/// <summary>One Raft group of a process. Every frame and every log record carries it; today there is one group.</summary>
public readonly record struct GroupId(ulong Value)
{
    public override string ToString() => $"group {Value}";
}

/// <summary>A member of the cluster: assigned by configuration, stable, and never given to another member.</summary>
public readonly record struct MemberId(ulong Value) : IComparable<MemberId>
{
    public static MemberId None => default;

    public bool IsNone => Value == 0;

    public int CompareTo(MemberId other) => Value.CompareTo(other.Value);

    public static bool operator <(MemberId a, MemberId b) => a.Value < b.Value;
    public static bool operator >(MemberId a, MemberId b) => a.Value > b.Value;
    public static bool operator <=(MemberId a, MemberId b) => a.Value <= b.Value;
    public static bool operator >=(MemberId a, MemberId b) => a.Value >= b.Value;

    public override string ToString() => IsNone ? "nobody" : $"n{Value}";
}

/// <summary>A data directory: drawn at random when it is made, so a wiped disk is never taken for the one it replaced.</summary>
public readonly record struct Incarnation(ulong Value)
{
    /// <summary>A configured member that has not started yet.</summary>
    public static Incarnation NotStarted => default;

    public bool IsNotStarted => Value == 0;

    public override string ToString() => Value.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Counts the starts of one data directory. Raised and synced before the first message leaves.</summary>
public readonly record struct Boot(ulong Value) : IComparable<Boot>
{
    public int CompareTo(Boot other) => Value.CompareTo(other.Value);

    public static bool operator <(Boot a, Boot b) => a.Value < b.Value;
    public static bool operator >(Boot a, Boot b) => a.Value > b.Value;
    public static bool operator <=(Boot a, Boot b) => a.Value <= b.Value;
    public static bool operator >=(Boot a, Boot b) => a.Value >= b.Value;
}

/// <summary>
/// Who sent a message. The transport learns it once, when the connection says hello, and hands it in with each message,
/// so that messages themselves stay small.
/// </summary>
public readonly record struct Origin(GroupId Group, MemberId Member, Incarnation Incarnation, Boot Boot, uint FeatureLevel);

using System.Globalization;

namespace Balsa.Server.Compaction;

public enum CompactionMode : byte
{
    Off = 0,

    /// <summary>What is older than the time is forgotten.</summary>
    Periodic,

    /// <summary>So many revisions are kept.</summary>
    Revision,
}

/// <summary>When the store forgets old revisions by itself.</summary>
public sealed record AutoCompaction(CompactionMode Mode, TimeSpan Period, long Revisions)
{
    public static AutoCompaction Off { get; } = new(CompactionMode.Off, default, 0);

    /// <summary>
    /// What etcd's flags mean: a bare number is hours or revisions, 0 is off. Null when they mean nothing, and why not. What etcd
    /// takes and nobody can want is refused, too: negative times, and a time where revisions are counted.
    /// </summary>
    public static AutoCompaction? TryParse(string mode, string retention, out string problem)
    {
        problem = "";
        if (mode is not ("periodic" or "revision"))
        {
            problem = "The mode is periodic, for a time, or revision, for a number of revisions.";
            return null;
        }

        if (retention.Length == 0) return Off;
        var isNumber = long.TryParse(retention, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isNumber && number == 0) return Off;
        if (mode == "revision")
        {
            if (isNumber) return new AutoCompaction(CompactionMode.Revision, default, number);
            problem = "With the mode revision it is a whole number: how many revisions to keep.";
            return null;
        }

        if (isNumber ? TryHours(number, out var period) : GoDuration.TryParse(retention, out period))
            return period == TimeSpan.Zero ? Off : new AutoCompaction(CompactionMode.Periodic, period, 0);
        problem = "With the mode periodic it is a time, such as 1h, 30m or 1h30m; a bare number is hours.";
        return null;
    }

    private static bool TryHours(long hours, out TimeSpan period)
    {
        const long most = 24 * 365 * 100;
        period = TimeSpan.FromHours(Math.Min(hours, most));
        return hours <= most;
    }
}

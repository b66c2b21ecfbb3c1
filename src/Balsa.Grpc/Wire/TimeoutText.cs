using System.Globalization;

namespace Balsa.Grpc.Wire;

/// <summary>How long a caller waits, as a header: at most eight digits and a unit.</summary>
internal static class TimeoutText
{
    private const int DigitsMax = 8;
    private const long NumberMax = 99_999_999;
    private const long NanosecondsPerTick = 100;

    /// <summary>Units from the finest on, with their length in nanoseconds.</summary>
    private static readonly (char Unit, long Nanoseconds)[] Units =
    [
        ('n', 1), ('u', 1_000), ('m', 1_000_000), ('S', 1_000_000_000), ('M', 60_000_000_000), ('H', 3_600_000_000_000),
    ];

    internal static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > DigitsMax + 1) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        foreach (var (unit, nanoseconds) in Units)
        {
            if (unit != text[^1]) continue;
            // The longest are longer than a number of nanoseconds can be, and than anybody waits.
            var ticks = (decimal)number * nanoseconds / NanosecondsPerTick;
            timeout = ticks >= long.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromTicks((long)ticks);
            return true;
        }

        return false;
    }

    /// <summary>In the finest unit that has room for it, and never less than one of these.</summary>
    internal static string Format(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, 1);
        foreach (var (unit, nanoseconds) in Units)
        {
            var number = Math.Ceiling((decimal)ticks * NanosecondsPerTick / nanoseconds);
            if (number <= NumberMax) return string.Create(CultureInfo.InvariantCulture, $"{number:0}{unit}");
        }

        return $"{NumberMax}H";
    }
}

using System.Globalization;

namespace Balsa.Server.Compaction;

/// <summary>Times as Go writes them: numbers with units, one behind the other, such as 1h30m or 1.5h. Never below zero.</summary>
internal static class GoDuration
{
    private static readonly (string Name, double Ticks)[] Units =
    [
        ("ns", 0.01), ("us", 10), ("µs", 10), ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    internal static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var (rest, ticks) = (text.StartsWith('+') ? text[1..] : text, 0.0);
        if (rest == "0") return true;
        if (rest.Length == 0) return false;
        while (rest.Length > 0)
        {
            var digits = rest.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
            var name = new string([.. rest.Skip(digits).TakeWhile(letter => !char.IsAsciiDigit(letter) && letter != '.')]);
            var unit = Array.Find(Units, one => one.Name == name);
            if (unit.Name is null) return false;
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            ticks += number * unit.Ticks;
            rest = rest[(digits + name.Length)..];
        }

        if (ticks >= TimeSpan.FromDays(36_500).Ticks) return false;
        time = TimeSpan.FromTicks((long)ticks);
        return true;
    }
}

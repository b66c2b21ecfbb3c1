using System.Globalization;
using System.Text.Json;

namespace Balsa.Cli.Scoreboards;

/// <summary>Commands tell it their last figure. It never makes a command fail: a figure that cannot be kept is only not kept.</summary>
internal static class Scoreboard
{
    /// <summary>Set to "off" to keep a run from writing, for example inside tests.</summary>
    public const string SwitchVariable = "BALSA_SCOREBOARD";

    /// <summary>Writes the figure into the checkout of the current directory. False when there was nothing to write to.</summary>
    public static bool Record(string name, string figure, bool holds) =>
        !string.Equals(Environment.GetEnvironmentVariable(SwitchVariable), "off", StringComparison.OrdinalIgnoreCase)
        && Record(Directory.GetCurrentDirectory(), name, figure, holds, DateTime.UtcNow);

    internal static bool Record(string directory, string name, string figure, bool holds, DateTime now)
    {
        try
        {
            var checkout = Checkout.Find(directory);
            if (checkout is null || !File.Exists(checkout.ScoreboardPath))
            {
                return false;
            }

            var lines = ScoreboardFile.Read(checkout.ScoreboardPath).ToList();
            var index = lines.FindIndex(line => string.Equals(line.Name, name, StringComparison.Ordinal));
            if (index < 0)
            {
                return false;
            }

            lines[index] = lines[index] with
            {
                Last = figure,
                Commit = checkout.Commit(),
                Holds = holds,
                Date = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            };
            ScoreboardFile.Write(checkout.ScoreboardPath, lines);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }
}

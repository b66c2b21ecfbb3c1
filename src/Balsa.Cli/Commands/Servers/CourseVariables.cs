using System.Globalization;

namespace Balsa.Cli.Commands.Servers;

/// <summary>
/// The variables that a course's compose file gives its nodes: app_name, Port, group, tor1 and tor2 (seconds until an election),
/// heartrate (seconds). They count only where app_name is set, because others are called Port or group, too.
/// </summary>
internal static class CourseVariables
{
    /// <summary>Adds what no flag, variable of ours, or of etcd has said.</summary>
    /// <exception cref="SettingException">One cannot be used, and why.</exception>
    internal static void AddTo(Dictionary<string, string> found, Func<string, string?> variable)
    {
        if (variable("app_name") is not { Length: > 0 } name) return;
        found.TryAdd(SettingTable.Name, name);
        if (variable("Port") is { Length: > 0 } port) found.TryAdd(ControllerTable.Port, port);
        if (variable("group") is { Length: > 0 } group)
        {
            found.TryAdd(ControllerTable.Port, "true");
            found.TryAdd(ControllerTable.Group, $"{group}:{variable("Port") ?? "5555"}");
        }

        // Our timer runs for the time given, up to twice: 5 to 10 seconds are exactly what tor1=5 tor2=10 asks for.
        if (Seconds("tor1", variable) is { } least) found.TryAdd(SettingTable.Election, Milliseconds(least));
        if (Seconds("tor2", variable) is { } most && most < (Seconds("tor1", variable) ?? most))
            throw new SettingException("the variable tor2 is less than tor1.", "A time until an election is drawn between the two.");
        if (Seconds("heartrate", variable) is { } beat) found.TryAdd(SettingTable.Heartbeat, Milliseconds(beat));
    }

    private static double? Seconds(string name, Func<string, string?> variable)
    {
        if (variable(name) is not { Length: > 0 } text) return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1000
            ? seconds : throw new SettingException($"the variable {name} cannot be \"{text}\".", "It is a number of seconds, such as 5 or .25.");
    }

    private static string Milliseconds(double seconds) => Math.Round(seconds * 1000).ToString(CultureInfo.InvariantCulture);
}

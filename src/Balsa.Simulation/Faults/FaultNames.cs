using System.Text;

namespace Balsa.Simulation.Faults;

/// <summary>Fault kinds as people and commands write them: IsolateLeader is isolate-leader.</summary>
public static class FaultNames
{
    private static readonly FaultKind[] s_kinds = Enum.GetValues<FaultKind>();
    private static readonly string[] s_names = MakeNames();

    public static int Count => s_kinds.Length;

    /// <summary>The kinds before this one happen in the core world, too.</summary>
    internal const FaultKind FirstOfFullWorld = FaultKind.FrameFlipped;

    internal static IReadOnlyList<FaultKind> OfCoreWorld => s_kinds[..(int)FirstOfFullWorld];

    public static IReadOnlyList<FaultKind> All => s_kinds;

    public static string Of(FaultKind kind) => s_names[(int)kind];

    public static bool TryParse(string name, out FaultKind kind)
    {
        var at = Array.IndexOf(s_names, name);
        kind = at < 0 ? default : s_kinds[at];
        return at >= 0;
    }

    private static string[] MakeNames()
    {
        var names = new string[s_kinds.Length];
        for (var i = 0; i < names.Length; i++) names[i] = Kebab(s_kinds[i].ToString());
        return names;
    }

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}

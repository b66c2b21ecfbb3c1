namespace Balsa.Cli.Dev.Prompt;

/// <summary>What a node says of itself, as an event in words; most lines are none.</summary>
internal static class NodeEvents
{
    private const string Stands = "stands for election (", InTerm = ") in term ", TimeForm = "00:00:00.000";

    /// <summary>Null when the line is for the log alone.</summary>
    public static (string Mark, string Text)? Of(string node, string line)
    {
        var text = Plain(node, line);
        if (text.StartsWith("leads term ", StringComparison.Ordinal)) return ("★", $"{node} {text}");
        if (text.StartsWith(Stands, StringComparison.Ordinal) && text.Split(InTerm) is [var role, var term])
        {
            return role == Stands + "Candidate"
                ? ("◐", $"{node} stands for election in term {term}")
                : ("◐", $"{node} hears no leader and asks whether it may stand");
        }

        if (text.StartsWith("error", StringComparison.Ordinal) || text.StartsWith("warning", StringComparison.Ordinal))
            return ("▲", $"{node} {text}");
        return null;
    }

    /// <summary>Without the time and the name that a node puts before its lines, and level and event behind them.</summary>
    private static string Plain(string node, string line)
    {
        var head = TimeForm.Length + node.Length + 2;
        if (line.Length <= head || !line.AsSpan(TimeForm.Length + 1).StartsWith(node) || line[2] != ':') return line;
        var tail = line.EndsWith(']') ? line.LastIndexOf(" [", StringComparison.Ordinal) : -1;
        return tail > head ? line[head..tail] : line[head..];
    }
}

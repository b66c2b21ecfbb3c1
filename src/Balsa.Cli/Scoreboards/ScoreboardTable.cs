using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Scoreboards;

/// <summary>The scoreboard for people: one line a promise, grouped by issue, with the command that measures it.</summary>
internal static class ScoreboardTable
{
    public static void Print(Output output, IReadOnlyList<ScoreLine> lines)
    {
        if (lines.Count == 0)
        {
            output.Line("No line of the scoreboard matches.");
            return;
        }

        var nameWidth = lines.Max(line => line.Name.Length);
        var lastWidth = lines.Max(line => Last(line).Length);
        foreach (var group in lines.GroupBy(line => line.Issue).OrderBy(group => group.Key))
        {
            output.Line($"issue {group.Key}");
            foreach (var line in group)
            {
                var measured = line.Date is null ? "" : $"{line.Date} {line.Commit}  ";
                var figures = $"{Word(line),-7} {line.Name.PadRight(nameWidth)}  {Last(line).PadRight(lastWidth)}";
                output.Line($"  {figures}  {measured}{line.Command}");
            }

            output.Line();
        }

        var holding = lines.Count(line => line.Holds == true);
        var broken = lines.Count(line => line.Holds == false);
        output.Line($"{holding} hold, {broken} do not, {lines.Count - holding - broken} not measured yet");
    }

    private static string Last(ScoreLine line) => line.Last ?? "-";

    private static string Word(ScoreLine line) => line.Holds switch
    {
        true => "holds",
        false => "BROKEN",
        null => "open",
    };
}

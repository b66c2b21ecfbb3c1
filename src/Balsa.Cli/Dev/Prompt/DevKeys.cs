namespace Balsa.Cli.Dev.Prompt;

/// <summary>Where the keys come from: single ones at a terminal, letters of lines otherwise.</summary>
internal static class DevKeys
{
    public const string Help =
        "l load on/off  k kill leader  r restart all  p pause leader  c resume  i isolate leader  h heal  s status  q quit";

    public const string MoreHelp = "a number before a key chooses a node: 2k kills n2";

    /// <summary>Ends when nobody can press a key any more.</summary>
    public static IEnumerable<char> Read()
    {
        if (!Console.IsInputRedirected)
        {
            while (true) yield return char.ToLowerInvariant(Console.ReadKey(intercept: true).KeyChar);
        }

        int next;
        while ((next = Console.In.Read()) >= 0)
            if (!char.IsWhiteSpace((char)next)) yield return char.ToLowerInvariant((char)next);
    }

    /// <summary>Null for a key that is no fault.</summary>
    public static (string Operation, string Target)? FaultOf(char key) => key switch
    {
        'k' => ("kill", "leader"),
        'r' => ("restart", "all"),
        'p' => ("pause", "leader"),
        'c' => ("resume", "all"),
        'i' => ("isolate", "leader"),
        'h' => ("heal", "all"),
        _ => null,
    };
}

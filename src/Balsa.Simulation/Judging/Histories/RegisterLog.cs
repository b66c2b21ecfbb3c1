namespace Balsa.Simulation.Judging.Histories;

/// <summary>Logs of Jepsen about one register: <c>INFO  jepsen.util - 3 :invoke :cas [1 2]</c>. The lines are the clock.</summary>
internal static class RegisterLog
{
    private static readonly char[] Between = [' ', '\t', '[', ']'];

    internal static HistoryEvent Read(string text, int line)
    {
        var words = text.Split(Between, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 7 || words[1] != "jepsen.util" || words[2] != "-") throw Unreadable(line);
        var (client, type, kind) = (words[3], words[4], KindOf(words[5], line));
        var happened = new HistoryEvent { Line = line, Client = client };
        return type switch
        {
            ":invoke" => happened with { Begun = Begun(words, kind, line) },
            ":ok" => happened with { Outcome = Outcome.Done, Answer = asked => asked with { Found = Value(words[^1]), Met = true } },
            // A read that fails gave no answer; a swap that fails found another value.
            ":fail" when kind == OperationKind.Swap => happened with
            {
                Outcome = Outcome.Done, Answer = asked => asked with { Met = false },
            },
            ":fail" => happened with { Outcome = Outcome.NotDone },
            ":info" => happened with { Outcome = Outcome.Unknown },
            _ => throw Unreadable(line),
        };
    }

    private static Operation Begun(string[] words, OperationKind kind, int line)
    {
        if (words.Length != (kind == OperationKind.Swap ? 8 : 7)) throw Unreadable(line);
        return new Operation
        {
            Client = words[3],
            Kind = kind,
            Begin = line,
            Value = kind == OperationKind.Get ? null : Value(words[^1]),
            Expected = kind == OperationKind.Swap ? Value(words[6]) : null,
        };
    }

    private static OperationKind KindOf(string word, int line) => word switch
    {
        ":read" => OperationKind.Get,
        ":write" => OperationKind.Put,
        ":cas" => OperationKind.Swap,
        _ => throw Unreadable(line),
    };

    private static string? Value(string word) => word == "nil" ? null : word;

    private static HistoryException Unreadable(int line) => HistoryReader.Unreadable(
        line, "It needs INFO  jepsen.util - PROCESS, then :invoke, :ok, :fail or :info, then :read, :write or :cas, then a value.");
}

namespace Balsa.Simulation.Judging.Histories;

/// <summary>
/// Porcupine's key-value maps: <c>{:process 3, :type :invoke, :f :append, :key "0", :value "x"}</c>. A key begins empty, and
/// empty is the same as absent. The lines are the clock.
/// </summary>
internal static class MapLines
{
    internal static HistoryEvent Read(string text, int line)
    {
        var rest = text.AsSpan();
        var client = Field(ref rest, "{:process ", ", ", line);
        var type = Field(ref rest, ":type :", ", ", line);
        var kind = Field(ref rest, ":f :", ", ", line) switch
        {
            "get" => OperationKind.Get,
            "put" => OperationKind.Put,
            "append" => OperationKind.Append,
            _ => throw Unreadable(line),
        };
        var key = Field(ref rest, ":key \"", "\", ", line);
        var quoted = Field(ref rest, ":value ", "}", line);
        if (quoted != "nil" && (quoted.Length < 2 || quoted[0] != '"' || quoted[^1] != '"')) throw Unreadable(line);
        var value = quoted is "nil" or "\"\"" ? null : quoted[1..^1];
        return type switch
        {
            "invoke" => new HistoryEvent { Line = line, Client = client, Begun = Begun(client, kind, key, value, line) },
            "ok" => new HistoryEvent
            {
                Line = line, Client = client, Outcome = Outcome.Done, Answer = asked => asked with { Found = value },
            },
            _ => throw Unreadable(line),
        };
    }

    private static Operation Begun(string client, OperationKind kind, string key, string? value, int line) =>
        new() { Client = client, Kind = kind, Key = key, Value = value, Begin = line };

    /// <summary>What stands between a beginning, which must come next, and an end; the last field goes up to the last end.</summary>
    private static string Field(ref ReadOnlySpan<char> rest, string begin, string end, int line)
    {
        if (!rest.StartsWith(begin, StringComparison.Ordinal)) throw Unreadable(line);
        rest = rest[begin.Length..];
        var length = end == "}" ? rest.LastIndexOf('}') : rest.IndexOf(end, StringComparison.Ordinal);
        if (length < 0) throw Unreadable(line);
        var field = rest[..length].ToString();
        rest = rest[(length + end.Length)..];
        return field;
    }

    private static HistoryException Unreadable(int line) => HistoryReader.Unreadable(
        line, "It needs {:process N, :type :invoke or :ok, :f :get, :put or :append, :key \"K\", :value \"V\"}.");
}

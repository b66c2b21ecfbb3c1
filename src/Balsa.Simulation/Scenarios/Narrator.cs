namespace Balsa.Simulation.Scenarios;

/// <summary>
/// Collects what happens during one command. When several nodes do the same thing it is told once, "2 and 3 stored 1/1",
/// as long as each node's own events stay in order.
/// </summary>
internal sealed class Narrator
{
    private readonly List<Told> _told = [];

    private sealed class Told(string what, string? answer)
    {
        internal SortedSet<int> Who { get; } = [];

        internal string What { get; } = what;

        /// <summary>For answers to callers: the verdict, the same for all the requests listed.</summary>
        internal string? Answer { get; } = answer;

        internal List<string> Requests { get; } = [];

        internal int Times { get; set; } = 1;
    }

    /// <summary>Something that no node did: a command's own result.</summary>
    internal void Tell(string line) => _told.Add(new Told(line, null));

    /// <summary>A message was lost. The same loss again and again, of heartbeats above all, is told once and counted.</summary>
    internal void TellLoss(string line)
    {
        if (_told.Find(t => t.What == line) is { } again) again.Times++;
        else _told.Add(new Told(line, null));
    }

    /// <summary>A node did something; the verb comes first and in the past.</summary>
    internal void Tell(int node, string what)
    {
        for (var i = _told.Count - 1; i >= 0; i--)
        {
            var told = _told[i];
            if (told.Who.Contains(node)) break;
            if (told.What != what || told.Who.Count == 0) continue;
            told.Who.Add(node);
            return;
        }
        var fresh = new Told(what, null);
        fresh.Who.Add(node);
        _told.Add(fresh);
    }

    /// <summary>A node answered a caller. Answers in a row with the same verdict make one sentence.</summary>
    internal void TellAnswer(int node, string request, string verdict)
    {
        if (_told.Count == 0 || _told[^1].Answer != verdict || !_told[^1].Who.Contains(node))
        {
            var fresh = new Told("answered", verdict);
            fresh.Who.Add(node);
            _told.Add(fresh);
        }
        _told[^1].Requests.Add(request);
    }

    internal List<string> TakeLines()
    {
        var lines = _told.ConvertAll(Render);
        _told.Clear();
        return lines;
    }

    private static string Render(Told told)
    {
        if (told.Who.Count == 0) return told.Times == 1 ? told.What : $"{told.What} ({told.Times} times)";
        var line = $"{Wording.List([.. told.Who.Select(n => $"{n}")])} {told.What}";
        if (told.Answer is null) return line;
        var requests = told.Requests.Count <= 4
            ? Wording.List(told.Requests) : $"{told.Requests[0]} to {told.Requests[^1]} ({told.Requests.Count} requests)";
        return $"{line} {requests}: {told.Answer}";
    }
}

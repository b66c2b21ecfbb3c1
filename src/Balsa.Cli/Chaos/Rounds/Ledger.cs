using System.Collections.Concurrent;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>
/// Lists, each short, to which clients add tokens, each token once: one reads a list, and puts it back longer if nobody changed it
/// meanwhile. The session of the client answers for unknown outcomes: what was repeated ran once, and its answer is the first
/// one. A token that stands in a list twice was doubled; one that was acknowledged and stands in none was lost.
/// </summary>
internal sealed class Ledger
{
    private const string Prefix = "ledger/";
    private const char Between = ',';
    private const int TriesMax = 200, TokensAList = 40;
    private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    private int _last;

    internal int Acknowledged => _acknowledged.Count;

    internal string AnyList => _acknowledged.Values.First();

    internal async Task AddAsync(RecordingClient client, string token, CancellationToken stop)
    {
        var key = $"{Prefix}{Interlocked.Increment(ref _last) / TokensAList}";
        for (var i = 0; i < TriesMax && !stop.IsCancellationRequested; i++)
        {
            var read = await client.GetAsync(key);
            if (read.Outcome != Outcome.Done) continue;
            var list = read.Found is null ? token : read.Found + Between + token;
            var put = await client.PutIfAsync(key, list, read.Modified ?? 0);
            // Whether the token stands there nobody can say now; another try might add it twice.
            if (put.Outcome == Outcome.Unknown) return;
            if (put is not { Outcome: Outcome.Done, Met: true }) continue;
            _acknowledged[token] = key;
            return;
        }
    }

    /// <summary>How many tokens are missing, and how many are there more than once.</summary>
    internal async Task<(int Lost, int Doubled)> CompareAsync(Func<string, Task<Operation>> read)
    {
        var (lost, doubled) = (0, 0);
        var written = _acknowledged.ToLookup(token => token.Value, StringComparer.Ordinal);
        for (var list = 0; list <= _last / TokensAList; list++)
        {
            var key = $"{Prefix}{list}";
            var found = Tokens((await read(key)).Found);
            doubled += found.Length - found.Distinct(StringComparer.Ordinal).Count();
            lost += written[key].Count(token => !found.Contains(token.Key));
        }

        return (lost, doubled);
    }

    private static string[] Tokens(string? list) => list?.Split(Between) ?? [];
}

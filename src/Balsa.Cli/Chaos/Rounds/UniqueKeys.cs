using System.Collections.Concurrent;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>Keys that are written once and never again: whatever was acknowledged must be there at the end.</summary>
internal sealed class UniqueKeys
{
    private const string Prefix = "unique/";
    private const int BlockKeys = 500;
    private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    private int _last;

    internal int Acknowledged => _acknowledged.Count;

    internal string AnyAcknowledged => _acknowledged.Keys.First();

    /// <summary>Writes one more, and says what became of it.</summary>
    internal async Task<Operation> WriteAsync(RecordingClient client)
    {
        var number = Interlocked.Increment(ref _last);
        var put = await client.PutAsync($"{Prefix}{number / BlockKeys}/{number}", $"{client.Name}:{number}");
        if (put.Outcome == Outcome.Done) _acknowledged[put.Key] = put.Value!;
        return put;
    }

    /// <summary>How many acknowledged keys are not there, or with another value.</summary>
    internal async Task<int> CountLostAsync(Func<string, Task<Operation>> list)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var block = 0; block <= _last / BlockKeys; block++)
            foreach (var item in (await list($"{Prefix}{block}/")).Items ?? []) found[item.Key] = item.Value;
        return _acknowledged.Count(written => !found.TryGetValue(written.Key, out var value) || value != written.Value);
    }
}

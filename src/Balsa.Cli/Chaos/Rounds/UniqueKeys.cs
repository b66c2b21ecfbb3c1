using System.Collections.Concurrent;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>
/// Keys that are written once and never again: whatever was acknowledged must be there at the end. The store counts the writes
/// of a key, so one that was written twice shows that a request ran twice, although it was sent under one number of one session.
/// </summary>
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

    /// <summary>How many keys were written more than once, acknowledged or not.</summary>
    /// <exception cref="ChaosException">They cannot be read.</exception>
    internal async Task<int> CountDoubledAsync(ClusterClient client, TimeSpan limit)
    {
        var doubled = 0;
        for (var block = 0; block <= _last / BlockKeys; block++)
        {
            var list = new ClientRequest
            {
                Op = ClientOperation.List, IsPrefix = true, Limit = BlockKeys, Key = Encoding.UTF8.GetBytes($"{Prefix}{block}/"),
            };
            if (await client.AskAsync(list, limit) is not { Outcome: ClientOutcome.Done, Values: { } values })
                throw new ChaosException($"{Prefix}{block}/ cannot be read at the end");
            doubled += values.Count(value => value.Version > 1);
        }

        return doubled;
    }
}

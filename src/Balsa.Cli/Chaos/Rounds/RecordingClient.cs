using System.Diagnostics;
using System.Net;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>
/// A client that notes each call with the moments around it, in microseconds of a clock that all clients share. Its writes go
/// through a session: as long as the outcome is unknown and time is left, the same request is sent again under the same number.
/// </summary>
/// <param name="limit">For one call, however often it is sent.</param>
internal sealed class RecordingClient(string name, IReadOnlyList<IPEndPoint> endpoints, TimeSpan limit, long clockStart) : IDisposable
{
    private readonly ClusterClient _client = new(endpoints) { UsesSession = true, LongestAttempt = LongestAttempt };

    /// <summary>A member that sleeps takes connections and never answers; whoever stays with it sees little of the others.</summary>
    internal static TimeSpan LongestAttempt { get; } = TimeSpan.FromMilliseconds(300);

    internal string Name => name;

    internal Recording Recording { get; } = new();

    public void Dispose() => _client.Dispose();

    internal static long Now(long clockStart) => (long)Stopwatch.GetElapsedTime(clockStart).TotalMicroseconds;

    internal Task<Operation> PutAsync(string key, string value) =>
        AskAsync(Ask(OperationKind.Put, key) with { Value = value }, new ClientRequest { Op = ClientOperation.Put });

    /// <summary>Only if the key was last changed at this revision; 0: only if it is not there.</summary>
    internal Task<Operation> PutIfAsync(string key, string value, long revision) => AskAsync(
        Ask(OperationKind.PutIf, key) with { Value = value, IfRevision = revision },
        new ClientRequest { Op = ClientOperation.Put, IfRevision = revision });

    internal Task<Operation> DeleteAsync(string key) =>
        AskAsync(Ask(OperationKind.Delete, key), new ClientRequest { Op = ClientOperation.Delete });

    /// <param name="key">What to read.</param>
    /// <param name="stale">The member that is asked answers from what it has.</param>
    /// <param name="isNoted">Whether the history says so.</param>
    internal Task<Operation> GetAsync(string key, bool stale = false, bool isNoted = true) => AskAsync(
        Ask(OperationKind.Get, key) with { IsStale = stale && isNoted }, new ClientRequest { Op = ClientOperation.Get, Local = stale });

    /// <summary>All keys that begin with a prefix, which ends with a slash.</summary>
    internal Task<Operation> ListAsync(string prefix) => AskAsync(
        Ask(OperationKind.Range, prefix) with { RangeEnd = prefix[..^1] + (char)('/' + 1) },
        new ClientRequest { Op = ClientOperation.List, IsPrefix = true, WithValues = true, Limit = 10_000 });

    private Operation Ask(OperationKind kind, string key) =>
        new() { Client = name, Kind = kind, Key = key, Begin = Now(clockStart) };

    private async Task<Operation> AskAsync(Operation asked, ClientRequest request)
    {
        var number = Recording.Begin(asked);
        var filled = request with
        {
            Key = Encoding.UTF8.GetBytes(asked.Key), Value = Encoding.UTF8.GetBytes(asked.Value ?? ""),
        };
        var response = await _client.AskAsync(filled, limit);
        Recording.End(
            number, RecordedAnswers.OutcomeOf(response), Now(clockStart), operation => RecordedAnswers.Fill(operation, response!));
        return Recording[number];
    }
}

using System.Diagnostics;
using System.Net;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Dev.Faults;

/// <summary>How long writes stand still after a fault.</summary>
internal static class GapProbe
{
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestTrial = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The time until a write goes through again, at whichever member is first; null when none does. The write deletes a key
    /// that never exists: it passes the log of a majority like any other and changes nothing that anybody could see.
    /// </summary>
    /// <param name="since">Just before the fault.</param>
    /// <param name="endpoints">Of members that the fault leaves alone.</param>
    public static async Task<TimeSpan?> MeasureAsync(long since, IReadOnlyList<IPEndPoint> endpoints)
    {
        using var found = new CancellationTokenSource();
        var probes = endpoints.Select(endpoint => ProbeAsync(since, endpoint, found)).ToArray();
        var gaps = await Task.WhenAll(probes);
        return gaps.Min();
    }

    private static async Task<TimeSpan?> ProbeAsync(long since, IPEndPoint endpoint, CancellationTokenSource found)
    {
        using var client = new ClusterClient([endpoint]);
        var probe = new ClientRequest { Op = ClientOperation.Delete, Key = "\0balsa dev: does a write work?"u8.ToArray() };
        while (!found.IsCancellationRequested && Stopwatch.GetElapsedTime(since) < LongestGap)
        {
            if ((await client.AskAsync(probe, LongestTrial))?.Outcome != ClientOutcome.Done) continue;
            var gap = Stopwatch.GetElapsedTime(since);
            await found.CancelAsync();
            return gap;
        }

        return null;
    }
}

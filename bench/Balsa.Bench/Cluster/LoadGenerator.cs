using System.Diagnostics;
using Balsa.Bench.Measuring;

namespace Balsa.Bench.Cluster;

/// <summary>Runs a plan against servers that speak etcd's API, whoever made them.</summary>
public static class LoadGenerator
{
    public static LoadResult Run(LoadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var left = plan.Total;
        bool MayStart() => !plan.IsOver() && Interlocked.Decrement(ref left) >= 0;
        var connections = Enumerable.Range(0, plan.Connections)
            .Select(i => new LoadConnection(plan.Endpoints[i % plan.Endpoints.Count], plan, i + 1, CallersOf(plan, i), MayStart)).ToArray();
        var failures = new List<Exception>();
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        var threads = connections.Select(connection => new Thread(() =>
        {
            try
            {
                if (plan.Rate > 0) connection.RunOpen(plan.Rate / plan.Connections);
                else connection.RunClosed();
            }
            catch (Exception problem) when (problem is IOException or System.Net.Sockets.SocketException)
            {
                lock (failures) failures.Add(problem);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var busy = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / seconds;
        var latencies = new LatencyCounts();
        foreach (var connection in connections)
        {
            latencies.Add(connection.Latencies);
            connection.Dispose();
        }

        if (failures.Count > 0) throw new IOException($"{failures.Count} connections failed: {failures[0].Message}", failures[0]);
        return new LoadResult(latencies.Total, connections.Sum(connection => connection.Errors), seconds, latencies, busy)
        {
            Repeated = connections.Sum(connection => connection.Repeated),
            Reasons = connections.SelectMany(connection => connection.Reasons).GroupBy(reason => reason.Key, StringComparer.Ordinal)
                .ToDictionary(reason => reason.Key, reason => reason.Sum(one => one.Value)),
        };
    }

    private static int CallersOf(LoadPlan plan, int connection) =>
        plan.Clients / plan.Connections + (connection < plan.Clients % plan.Connections ? 1 : 0);
}

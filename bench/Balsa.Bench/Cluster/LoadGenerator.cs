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
            .Select(i => new LoadConnection(plan.Endpoints[i % plan.Endpoints.Count], plan, seed: i + 1, MayStart)).ToArray();
        var failures = new List<Exception>();
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        var threads = connections.Select((connection, i) => new Thread(() =>
        {
            try
            {
                if (plan.Rate > 0) connection.RunOpen(plan.Rate / plan.Connections);
                else connection.RunClosed(plan.Clients / plan.Connections + (i < plan.Clients % plan.Connections ? 1 : 0));
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
        return new LoadResult(latencies.Total, connections.Sum(connection => connection.Errors), seconds, latencies, busy);
    }
}

using System.Net;
using Balsa.Bench.Cluster;
using Balsa.Cli.Chaos.Endurance;

namespace Balsa.Cli.Duels;

/// <param name="CpuUs">What the servers' processors took for an operation, in microseconds.</param>
internal sealed record DuelFigure(string What, LoadResult Load, double CpuUs);

/// <summary>The same loads on both, one after the other: the servers on one processor, the generator on another.</summary>
internal sealed class Duel(int total, Action<string> say)
{
    private const int Warming = 5_000;

    internal async Task<IReadOnlyList<DuelFigure>> MeasureAsync(IContender contender, double rate)
    {
        say($"starting {contender.Name} ...");
        await contender.StartAsync();
        Load(contender, LoadKind.Put, 64, Warming);
        Load(contender, LoadKind.Get, 64, Warming);
        var figures = new List<DuelFigure>
        {
            Take(contender, "puts", LoadKind.Put, 256, total),
            Take(contender, "reads", LoadKind.Get, 256, total),
            Take(contender, "puts of one caller", LoadKind.Put, 1, total / 20),
        };
        // The rate is a share of what the first of the two could do, so that both get the same.
        var perSecond = rate > 0 ? rate : 0.7 * figures[0].Load.OpsPerSecond;
        figures.Add(Take(contender, "puts at a rate", LoadKind.Put, 256, total / 2, perSecond));
        return figures;
    }

    private DuelFigure Take(IContender contender, string what, LoadKind kind, int clients, int count, double rate = 0)
    {
        var before = CpuOf(contender.Processes);
        var load = Load(contender, kind, clients, count, rate);
        var cpu = (CpuOf(contender.Processes) - before) * 1e6 / Math.Max(1, load.Operations);
        say($"{contender.Name}, {what}: {load.OpsPerSecond:N0}/s, p99 {load.Latencies.At(0.99).TotalMilliseconds:F1} ms, "
            + $"{cpu:F0} us of the servers each, generator {load.GeneratorBusy:P0}");
        return new DuelFigure(what, load, cpu);
    }

    private static LoadResult Load(IContender contender, LoadKind kind, int clients, int count, double rate = 0)
    {
        IReadOnlyList<IPEndPoint> endpoints = contender.Endpoints;
        return LoadGenerator.Run(new LoadPlan
        {
            Kind = kind, Endpoints = endpoints, Connections = Math.Min(clients, 9), Clients = clients, Total = count, Rate = rate,
        });
    }

    private static double CpuOf(IReadOnlyList<int> processes) => processes.Sum(ProcessFigures.CpuSeconds);
}

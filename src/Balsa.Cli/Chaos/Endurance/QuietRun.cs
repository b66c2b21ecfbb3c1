using System.Diagnostics;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Chaos.Endurance;

/// <param name="CpuShareMax">Of one processor, by the busiest node.</param>
/// <param name="GrowthBytesMax">Of the node whose memory grew most, from the end of the first minute on.</param>
internal sealed record QuietResult(double Minutes, ulong LeaderChanges, double CpuShareMax, long GrowthBytesMax, long ResidentBytesMax)
{
    internal const double CpuShareAllowed = 0.02;

    /// <summary>What the collector of the runtime moves up and down by itself.</summary>
    internal const long GrowthAllowed = 16L << 20;

    internal bool Holds => LeaderChanges == 0 && CpuShareMax < CpuShareAllowed && GrowthBytesMax < GrowthAllowed;
}

/// <summary>A cluster that nobody asks anything: it must keep its leader, its processor time and its memory.</summary>
internal sealed class QuietRun(Action<string> say)
{
    private static readonly TimeSpan Warming = TimeSpan.FromMinutes(1);

    internal async Task<QuietResult> RunAsync(int nodes, TimeSpan length)
    {
        await using var cluster = new DevCluster(DevPlan.Make(nodes, null, null));
        await cluster.StartAsync();
        await cluster.WaitForLeaderAsync();
        await Task.Delay(length < 2 * Warming ? length / 4 : Warming);
        var before = await LookAsync(cluster);
        say($"{before.Leader} leads term {before.Term}; now nothing happens for {length.TotalMinutes:0.#} minutes");
        await Task.Delay(length);
        var after = await LookAsync(cluster);
        var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
        return new QuietResult(
            seconds / 60, after.Term - before.Term, before.Cpu.Zip(after.Cpu, (a, b) => (b - a) / seconds).Max(),
            before.Bytes.Zip(after.Bytes, (a, b) => b - a).Max(), after.Bytes.Max());
    }

    private static async Task<Look> LookAsync(DevCluster cluster)
    {
        var leader = await cluster.WaitForLeaderAsync();
        int[] processes = [.. cluster.Nodes.Select(node => node.Pid ?? throw new DevException(
            $"{node.Address.Name} has ended.", "Nobody stopped it.", "balsa dev"))];
        return new Look(
            Stopwatch.GetTimestamp(), leader.Name, leader.Term, Array.ConvertAll(processes, ProcessFigures.CpuSeconds),
            Array.ConvertAll(processes, ProcessFigures.ResidentBytes));
    }

    private sealed record Look(long At, string Leader, ulong Term, double[] Cpu, long[] Bytes);
}

using System.Diagnostics;
using Balsa.Etcd.Tests.Server;
using Balsa.Etcd.Tests.Steps;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>What was asked of etcd, and what it said. Recorded once, it can be put to many stores.</summary>
internal sealed record Transcript(int Seed, IReadOnlyList<(Step Step, Outcome Outcome)> Lines, TimeSpan Took)
{
    public static async Task<Transcript> RecordAsync(int seed, int steps)
    {
        await using var etcd = await EtcdProcess.StartAsync();
        using var gateway = new EtcdGateway(etcd.Client);
        var watch = Stopwatch.StartNew();
        var world = new World();
        var generator = new Generator(new Dice(seed), world);
        var lines = new List<(Step, Outcome)>();
        while ((lines.Count < steps ? generator.Next() : generator.Last()) is { } step)
        {
            var outcome = await AskAsync(gateway, etcd, step);
            world.Saw(step, outcome);
            lines.Add((step, outcome));
        }

        return new Transcript(seed, lines, watch.Elapsed);
    }

    private static async Task<Outcome> AskAsync(EtcdGateway gateway, EtcdProcess etcd, Step step)
    {
        try
        {
            return await gateway.AskAsync(step);
        }
        catch (HttpRequestException lost)
        {
            throw new InvalidOperationException(
                $"etcd is gone after {StepJson.Route(step)} {StepJson.Body(step).ToJsonString()}\n{string.Join('\n', etcd.Said())}", lost);
        }
    }
}

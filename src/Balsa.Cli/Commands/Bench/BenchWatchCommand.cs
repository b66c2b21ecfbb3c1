using System.Text.Json;
using Balsa.Bench.Watches;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Bench;

/// <summary>`balsa bench watch`: watches over the store alone, without log and network.</summary>
internal static class BenchWatchCommand
{
    internal const string ScoreName =
        "watch fan-out: 100,000 keys, 1,000 on one key, 10,000 catching up; lost = doubled = out of order = 0";

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "watch",
            "Events a second that one thread delivers: many keys with a watcher each, many watchers of one key, many that catch up.",
            "balsa bench watch", "balsa bench watch --json");
        command.Options.Add(json);
        command.SetAction(parsed => Run(new Output(results, messages, parsed.GetValue(json))));
        return command;
    }

    private static int Run(Output output)
    {
        var cases = new List<(string Name, WatchBenchResult Result)>();
        Measure("manyKeys", "100,000 watchers, each of a key of its own", () => WatchBenchmark.ManyKeys());
        Measure("oneKey", "1,000 watchers of one key", () => WatchBenchmark.OneKey());
        Measure("catchUp", "10,000 watchers who read 100,000 revisions again", () => WatchBenchmark.CatchUp());
        output.Object(json => cases.ForEach(one => Write(json, one.Name, one.Result)));
        var holds = cases.TrueForAll(one => one.Result.IsFaultless);
        Scoreboard.Record(
            ScoreName,
            string.Join(", ", cases.Select(one => $"{one.Result.EventsPerSecond / 1e6:F2}")) + " M events/s, "
            + $"{cases.Max(one => one.Result.BytesPerWatcher):F0} B a watcher at most, {cases.Sum(one => one.Result.Lost)} lost, "
            + $"{cases.Sum(one => one.Result.Doubled)} doubled, {cases.Sum(one => one.Result.OutOfOrder)} out of order",
            holds);
        return holds ? ExitCode.Done : ExitCode.Failed;

        void Measure(string name, string title, Func<WatchBenchResult> measure)
        {
            output.Message($"measuring {title} ...");
            var result = measure();
            cases.Add((name, result));
            output.Line($"{title}:");
            output.Line($"{result.EventsPerSecond / 1e6,8:F2} M/s   events delivered, {result.Events} of {result.Revisions} revisions");
            output.Line($"{result.BytesPerWatcher,8:F0} B     a watcher, its key and all tables included");
            output.Line($"{result.AllocatedPerEvent,8:F2} B     allocated an event");
            output.Line($"{result.Lost,8} lost, {result.Doubled} doubled, {result.OutOfOrder} out of order");
        }
    }

    private static void Write(Utf8JsonWriter json, string name, WatchBenchResult result)
    {
        json.WriteStartObject(name);
        json.WriteNumber("watchers", result.Watchers);
        json.WriteNumber("revisions", result.Revisions);
        json.WriteNumber("events", result.Events);
        json.WriteNumber("eventsPerSecond", Math.Round(result.EventsPerSecond));
        json.WriteNumber("bytesPerWatcher", Math.Round(result.BytesPerWatcher));
        json.WriteNumber("allocatedPerEvent", Math.Round(result.AllocatedPerEvent, 3));
        json.WriteNumber("lost", result.Lost);
        json.WriteNumber("doubled", result.Doubled);
        json.WriteNumber("outOfOrder", result.OutOfOrder);
        json.WriteEndObject();
    }
}

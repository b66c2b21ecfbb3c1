using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Bench.Cluster;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Bench;

/// <summary>`balsa bench put` and `balsa bench get`: load on any servers that speak etcd's API.</summary>
internal sealed class BenchLoadCommand
{
    private readonly Option<string?> _endpoints =
        new("--endpoints") { Description = "Servers, separated by commas; any that speak etcd's API.", HelpName = "LIST" };
    private readonly Option<int> _connections = NumberRange.Option("--connections", "Connections, spread over the servers.", 8, 1, 1000);
    private readonly Option<int> _clients = NumberRange.Option("--clients", "Callers, each with one request under way.", 256, 1, 100_000);
    private readonly Option<int> _total = NumberRange.Option("--total", "Requests.", 100_000, 1, 1_000_000_000);
    private readonly Option<int> _keys = NumberRange.Option("--keys", "Different keys.", 100_000, 1, 1_000_000_000);
    private readonly Option<int> _valueBytes =
        NumberRange.Option("--value-bytes", "Size of a value; a request is one frame.", 256, 0, 16_000);
    private readonly Option<int> _rate =
        NumberRange.Option("--rate", "Requests a second, each at its time if a caller is free; 0: as fast as they go.", 0, 0, 10_000_000);
    private readonly Option<bool> _local = new("--local") { Description = "Read what the asked member has, however old." };
    private readonly Option<bool> _json = CliCommand.JsonOption();

    public static CliCommand Create(LoadKind kind, TextWriter results, TextWriter messages)
    {
        var options = new BenchLoadCommand();
        var name = kind == LoadKind.Put ? "put" : "get";
        var command = new CliCommand(
            name, kind == LoadKind.Put ? "Puts a second, over the network, and how long they take." : "Linearizable reads a second.",
            $"balsa bench {name} --clients 1000", $"balsa bench {name} --endpoints 127.0.0.1:2379 --rate 5000 --json");
        foreach (var option in new Option[] { options._endpoints, options._connections, options._clients, options._total, options._keys,
            options._valueBytes, options._rate, options._json }) command.Options.Add(option);
        if (kind == LoadKind.Get) command.Options.Add(options._local);
        command.SetAction(parsed => options.Run(kind, parsed, new Output(results, messages, parsed.GetValue(options._json))));
        return command;
    }

    internal static void Write(Utf8JsonWriter json, LoadResult result)
    {
        json.WriteNumber("opsPerSecond", Math.Round(result.OpsPerSecond));
        json.WriteNumber("errors", result.Errors);
        json.WriteNumber("repeated", result.Repeated);
        json.WriteStartObject("reasons");
        foreach (var (reason, count) in result.Reasons) json.WriteNumber(reason, count);
        json.WriteEndObject();
        json.WriteNumber("p50Ms", Milliseconds(result, 0.5));
        json.WriteNumber("p99Ms", Milliseconds(result, 0.99));
        json.WriteNumber("p999Ms", Milliseconds(result, 0.999));
        json.WriteNumber("operations", result.Operations);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteNumber("generatorBusy", Math.Round(result.GeneratorBusy, 3));
    }

    internal static double Milliseconds(LoadResult result, double share) =>
        Math.Round(result.Latencies.At(share).TotalMilliseconds, 3);

    private int Run(LoadKind kind, ParseResult parsed, Output output)
    {
        if (Endpoints.Find(parsed.GetValue(_endpoints)) is not { } endpoints)
            return output.Fail(new Problem("--endpoints cannot be understood.", "It is a list such as 127.0.0.1:2379,127.0.0.1:22379.",
                "balsa bench put --help"), ExitCode.Usage);
        var plan = new LoadPlan
        {
            Kind = kind == LoadKind.Get && parsed.GetValue(_local) ? LoadKind.LocalGet : kind, Endpoints = endpoints,
            Connections = Math.Min(parsed.GetValue(_connections), parsed.GetValue(_clients)), Clients = parsed.GetValue(_clients),
            Total = parsed.GetValue(_total), Keys = parsed.GetValue(_keys), ValueBytes = parsed.GetValue(_valueBytes),
            Rate = parsed.GetValue(_rate),
        };
        try
        {
            var result = LoadGenerator.Run(plan);
            Print(output, result);
            output.Object(json => Write(json, result));
            return result.Errors == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return output.Fail(new Problem("the servers cannot be loaded.", problem.Message, "balsa status"), ExitCode.Unreachable);
        }
    }

    private static void Print(Output output, LoadResult result)
    {
        output.Line($"{result.OpsPerSecond,12:N0} /s   {result.Operations:N0} operations, {result.Errors:N0} errors, "
            + $"{result.Seconds:F1} s");
        if (result.Repeated > 0) output.Line($"{result.Repeated,12:N0}      sent again, because a server was too busy to take them");
        foreach (var (reason, count) in result.Reasons) output.Line($"{count,12:N0}      errors: {reason}");
        output.Line($"{Milliseconds(result, 0.5),12:F2} ms   half of them");
        output.Line($"{Milliseconds(result, 0.99),12:F2} ms   99 %");
        output.Line($"{Milliseconds(result, 0.999),12:F2} ms   99.9 %");
        output.Line($"{result.GeneratorBusy,12:P0}      of a core for the generator");
    }
}

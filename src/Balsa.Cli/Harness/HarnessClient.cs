using System.Diagnostics;
using System.Globalization;
using Balsa.Adapters.Raftkv;
using Balsa.Grpc;
using Balsa.Grpc.Client;
using Balsa.Protocol.Raftkv;
using Balsa.Simulation.Judging.Histories;
using KeyValueMessage = Balsa.Protocol.Raftkv.KeyValue;

namespace Balsa.Cli.Harness;

/// <summary>
/// One thread of the harness as a client of the front end. It names itself and none of its requests, as the course's does, and
/// notes each call with the moments around it.
/// </summary>
internal sealed class HarnessClient(string name, int id, Uri frontEnd, long clockStart) : IDisposable
{
    private const string NotDone = "nothing was done", NoKey = "Key not found";
    private static readonly TimeSpan PutMax = TimeSpan.FromSeconds(2), GetMax = TimeSpan.FromSeconds(1);
    private readonly GrpcChannel _channel = new(frontEnd);

    internal Recording Recording { get; } = new();

    public void Dispose() => _channel.Dispose();

    /// <summary>True when there was an answer.</summary>
    internal async Task<bool> PutAsync(string key, string value)
    {
        var number = Begin(new Operation { Client = name, Kind = OperationKind.Put, Key = key, Value = value, Begin = Now() });
        try
        {
            var request = new KeyValueMessage { Key = key, Value = value, ClientId = id };
            var reply = await _channel.CallAsync(RaftkvMethods.FrontEndPut, request, new CallOptions { Timeout = PutMax });
            Recording.End(number, reply.Error.Length == 0 ? Outcome.Done : Outcome.NotDone, Now());
            return true;
        }
        catch (GrpcException problem)
        {
            var isCertain = problem.Message.Contains(NotDone, StringComparison.Ordinal);
            Recording.End(number, isCertain ? Outcome.NotDone : Outcome.Unknown, Now());
            return false;
        }
    }

    /// <summary>Null when there was no answer; empty when there is no such key.</summary>
    internal async Task<string?> GetAsync(string key)
    {
        var number = Begin(new Operation { Client = name, Kind = OperationKind.Get, Key = key, Begin = Now() });
        try
        {
            var request = new GetKey { Key = key, ClientId = id };
            var reply = await _channel.CallAsync(RaftkvMethods.FrontEndGet, request, new CallOptions { Timeout = GetMax });
            var isAnswer = reply.Error is "" or NoKey;
            Recording.End(
                number, isAnswer ? Outcome.Done : Outcome.NotDone, Now(),
                asked => asked with { Found = reply.Error.Length == 0 ? reply.Value : null });
            return reply.Value;
        }
        catch (GrpcException)
        {
            Recording.End(number, Outcome.NotDone, Now());
            return null;
        }
    }

    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private int Begin(Operation asked) => Recording.Begin(asked);

    private long Now() => (long)Stopwatch.GetElapsedTime(clockStart).TotalMicroseconds;
}

using System.Net;
using System.Net.Sockets;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Keys;

/// <summary>Stands for a cluster: takes down what is asked, and gives the answers of the test one after the other.</summary>
internal sealed class Member : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    internal Member(params ClientResponse[] answers)
    {
        _listener.Start();
        _serving = ServeAsync(answers);
    }

    internal List<ClientRequest> Asked { get; } = [];

    internal Run Balsa(params string[] words) => Run.Balsa([.. words, "--endpoints", $"{_listener.LocalEndpoint}"]);

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Stop();
        _serving.Wait();
        _stopping.Dispose();
    }

    private async Task ServeAsync(ClientResponse[] answers)
    {
        try
        {
            foreach (var answer in answers)
            {
                using var caller = await _listener.AcceptSocketAsync(_stopping.Token);
                Asked.Add((await JsonFrames.ReadAsync(
                    caller, ProtocolJson.Default.ClientRequest, JsonFrames.RequestBytesMax, _stopping.Token))!);
                await JsonFrames.WriteAsync(caller, answer, ProtocolJson.Default.ClientResponse, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test asked for less than it had answers for.
        }
    }
}

using System.Text;
using System.Text.Json;
using Balsa.Etcd.Tests.Steps;

namespace Balsa.Etcd.Tests.Server;

/// <summary>Asks etcd over its JSON gateway, one step after the other on a connection that stays.</summary>
internal sealed class EtcdGateway(Uri client) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // Transactions lie in one another, and each takes a few levels of JSON.
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1024 };

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = client, Timeout = Longest };
    private readonly Dictionary<int, GatewayWatch> _watches = [];

    public async Task<Outcome> AskAsync(Step step)
    {
        switch (step)
        {
            case WatchStep watch:
                var opened = await GatewayWatch.OpenAsync(_http, StepJson.Body(watch).ToJsonString());
                if (opened.First.Canceled is null) _watches.Add(watch.Id, opened);
                else opened.Dispose();
                return opened.First;

            case UnwatchStep unwatch:
                Assert.True(_watches.Remove(unwatch.Id, out var ended), $"watch {unwatch.Id} is not open");
                using (ended) return await ended.ReadAsync(unwatch.LastRevision, Longest);

            default:
                return GatewayReader.Read(step, await PostAsync(StepJson.Route(step), StepJson.Body(step).ToJsonString()));
        }
    }

    /// <summary>For what is no step.</summary>
    public async Task<JsonElement> PostAsync(string route, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"/v3/{route}", UriKind.Relative), content);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(), Deep);
    }

    public void Dispose()
    {
        foreach (var watch in _watches.Values) watch.Dispose();
        _http.Dispose();
    }
}

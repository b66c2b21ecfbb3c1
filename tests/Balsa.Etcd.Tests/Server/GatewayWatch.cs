using System.Text;
using System.Text.Json;
using Balsa.Etcd.Tests.Steps;

namespace Balsa.Etcd.Tests.Server;

/// <summary>A watch on a connection of its own: one line of JSON a message.</summary>
internal sealed class GatewayWatch : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private GatewayWatch(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _lines = new StreamReader(body, Encoding.UTF8);
    }

    /// <summary>What the store said when it was opened.</summary>
    public Outcome First { get; private set; } = new();

    public static async Task<GatewayWatch> OpenAsync(HttpClient http, string create)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v3/watch", UriKind.Relative))
        {
            Content = new StringContent(create, Encoding.UTF8, "application/json"),
        };
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var watch = new GatewayWatch(response, await response.Content.ReadAsStreamAsync());
        var first = await watch.NextAsync(CancellationToken.None);
        Assert.True(GatewayReader.Flag(first, "created"), $"a watch begins with {first}");
        watch.First = new Outcome { Canceled = Reason(first) };
        return watch;
    }

    /// <summary>The events up to the one of this revision, or up to the end that the store makes.</summary>
    public async Task<Outcome> ReadAsync(long lastRevision, TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        var events = new List<WatchEvent>();
        while (true)
        {
            JsonElement message;
            try
            {
                message = await NextAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return new Outcome { Events = events, Canceled = $"no event of revision {lastRevision} within {within}" };
            }

            events.AddRange(GatewayReader.List(message, "events").Select(GatewayReader.Event));
            if (Reason(message) is { } reason) return new Outcome { Events = events, Canceled = reason };
            if (events.Count > 0 && events[^1].Now.Modified >= lastRevision) return new Outcome { Events = events };
        }
    }

    public void Dispose()
    {
        _response.Dispose();
        _lines.Dispose();
    }

    private async Task<JsonElement> NextAsync(CancellationToken cancellation)
    {
        var line = await _lines.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("etcd ended a watch without a word");
        var message = JsonSerializer.Deserialize<JsonElement>(line);
        return message.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"a watch failed: {line}");
    }

    private static string? Reason(JsonElement message)
    {
        if (!GatewayReader.Flag(message, "canceled")) return null;
        var compacted = GatewayReader.Number(message, "compact_revision");
        if (compacted != 0) return Outcome.CompactedAt(compacted);
        return message.TryGetProperty("cancel_reason", out var reason) ? reason.GetString()! : "";
    }
}

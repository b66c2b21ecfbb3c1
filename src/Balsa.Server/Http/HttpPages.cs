using System.Text;
using Balsa.Grpc.Server;
using Balsa.Server.Etcd;
using Microsoft.AspNetCore.Http;

namespace Balsa.Server.Http;

/// <summary>
/// Requests of HTTP by their path. What is meant for gRPC goes there, also when it names nothing: its callers understand only
/// gRPC's refusals.
/// </summary>
internal sealed class HttpPages(GrpcServer grpc, HealthPages health, MetricsPage metrics)
{
    private const string Json = "application/json", Text = "text/plain; charset=utf-8";

    internal Task HandleAsync(HttpContext http)
    {
        if (GrpcServer.IsFor(http)) return grpc.HandleAsync(http);
        var path = http.Request.Path.Value ?? "";
        if (!IsKnown(path))
        {
            return grpc.Serves(path) ? grpc.HandleAsync(http) : WriteAsync(http, 404, Text, "404 page not found\n");
        }

        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) return AnswerAsync(http, path);
        http.Response.Headers.Allow = "GET";
        return WriteAsync(http, 405, Text, "Method Not Allowed\n");
    }

    internal static Task WriteAsync(HttpContext http, int status, string type, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        // The answer to HEAD has the headers of GET and nothing behind them.
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    private static bool IsKnown(string path) =>
        path is "/version" or "/metrics" || HealthPages.Serves(path);

    private Task AnswerAsync(HttpContext http, string path) => path switch
    {
        "/version" => WriteAsync(
            http, 200, Json, $$"""{"etcdserver":"{{EtcdVersion.Server}}","etcdcluster":"{{EtcdVersion.Cluster}}"}"""),
        "/metrics" => metrics.AnswerAsync(http),
        _ => health.AnswerAsync(http, path),
    };
}

using System.Globalization;
using Balsa.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Balsa.Grpc.Server;

/// <summary>
/// gRPC over the requests of an HTTP/2 server. A refusal before the first message goes out as headers alone; afterwards the
/// status stands in the trailers.
/// </summary>
public sealed class GrpcServer(ServiceTable services, GrpcServerOptions options)
{
    /// <summary>Whether the request is meant for gRPC at all.</summary>
    public static bool IsFor(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return HeaderNames.IsGrpc(http.Request.ContentType);
    }

    /// <summary>Whether a method has this path.</summary>
    public bool Serves(string path) => services.TryFind(path, out _);

    /// <summary>Runs one call to its end. Whatever its handler does, the caller gets a status.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!IsFor(http) || !HttpMethods.IsPost(http.Request.Method) || !HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            await RefuseAsync(http);
            return;
        }

        http.Response.ContentType = HeaderNames.ContentType;
        var path = http.Request.Path.Value ?? "";
        if (services.TryFind(path, out var method)) await RunAsync(http, method);
        else WriteStatus(http, hasWritten: false, services.Unknown(path));
    }

    private async Task RunAsync(HttpContext http, ServedMethod method)
    {
        using var call = new ServerCall(http, method.Counters, options);
        method.Counters.Start();
        GrpcException? failure = null;
        try
        {
            call.Check();
            await method.Run(call);
        }
#pragma warning disable CA1031 // Whatever it is, the caller must get a status, and the other calls go on.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            failure = call.Explain(problem);
        }

        method.Counters.End(failure?.Code ?? StatusCode.Ok);
        if (!http.RequestAborted.IsCancellationRequested) WriteStatus(http, call.HasWritten, failure);
    }

    private static void WriteStatus(HttpContext http, bool hasWritten, GrpcException? failure)
    {
        var code = ((int)(failure?.Code ?? StatusCode.Ok)).ToString(CultureInfo.InvariantCulture);
        var message = failure is null ? null : StatusText.Encode(failure.Message);
        if (hasWritten || http.Response.HasStarted)
        {
            http.Response.AppendTrailer(HeaderNames.Status, code);
            if (message is not null) http.Response.AppendTrailer(HeaderNames.Message, message);
            return;
        }

        http.Response.Headers[HeaderNames.Status] = code;
        if (message is not null) http.Response.Headers[HeaderNames.Message] = message;
    }

    private static async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = HttpMethods.IsPost(http.Request.Method)
            ? StatusCodes.Status415UnsupportedMediaType
            : StatusCodes.Status405MethodNotAllowed;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(
            "This is a gRPC method: call it with POST over HTTP/2 and the content type application/grpc.\n", http.RequestAborted);
    }
}

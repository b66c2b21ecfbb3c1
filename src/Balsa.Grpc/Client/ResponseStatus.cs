using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Balsa.Grpc.Wire;

namespace Balsa.Grpc.Client;

/// <summary>Finds out how a call ended: from its headers, its trailers, or from how the connection broke.</summary>
internal static class ResponseStatus
{
    /// <summary>HTTP/2 error codes that say more than that something broke.</summary>
    private const long Refused = 7, Cancelled = 8, EnhanceYourCalm = 11, InadequateSecurity = 12;

    /// <summary>What the headers decide; null when messages follow.</summary>
    internal static GrpcException? InHeaders(HttpResponseMessage response)
    {
        if (Find(response.Headers) is { } status) return status;
        var type = response.Content.Headers.ContentType?.ToString();
        if (response.StatusCode == HttpStatusCode.OK && HeaderNames.IsGrpc(type)) return null;
        return new GrpcException(
            CodeOf(response.StatusCode),
            $"the server does not speak gRPC here: it answered {(int)response.StatusCode} with content type \"{type}\"");
    }

    internal static GrpcException InTrailers(HttpResponseMessage response) =>
        Find(response.TrailingHeaders)
        ?? new GrpcException(StatusCode.Internal, "the server closed the stream without a status");

    internal static GrpcException Of(Exception problem)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException)
        {
            if (cause is not HttpProtocolException broken) continue;
            var code = broken.ErrorCode switch
            {
                Refused => StatusCode.Unavailable,
                Cancelled => StatusCode.Cancelled,
                EnhanceYourCalm => StatusCode.ResourceExhausted,
                InadequateSecurity => StatusCode.PermissionDenied,
                _ => StatusCode.Internal,
            };
            return new GrpcException(code, $"the stream was reset: {broken.Message}", problem);
        }

        return problem switch
        {
            HttpRequestException or IOException => new GrpcException(StatusCode.Unavailable, problem.Message, problem),
            OperationCanceledException => new GrpcException(StatusCode.Cancelled, "the call was cancelled", problem),
            _ => new GrpcException(StatusCode.Internal, problem.Message, problem),
        };
    }

    private static GrpcException? Find(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(HeaderNames.Status, out var codes)) return null;
        var message = headers.NonValidated.TryGetValues(HeaderNames.Message, out var texts) ? StatusText.Decode(texts.ToString()) : "";
        var known = int.TryParse(codes.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && code is >= 0 and <= (int)StatusCode.Unauthenticated;
        return known
            ? new GrpcException((StatusCode)code, message)
            : new GrpcException(StatusCode.Unknown, $"the status \"{codes}\" is none: {message}");
    }

    /// <summary>For answers without a status of gRPC, as all its clients read them.</summary>
    private static StatusCode CodeOf(HttpStatusCode code) => (int)code switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}

namespace Balsa.Grpc.Wire;

/// <summary>What gRPC calls its headers and trailers.</summary>
internal static class HeaderNames
{
    internal const string ContentType = "application/grpc";
    internal const string Status = "grpc-status", Message = "grpc-message", Timeout = "grpc-timeout";
    internal const string Encoding = "grpc-encoding", AcceptEncoding = "grpc-accept-encoding", Identity = "identity";

    /// <summary><c>application/grpc</c>, alone or with a format or parameters behind it.</summary>
    internal static bool IsGrpc(string? contentType) =>
        contentType is not null && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');
}

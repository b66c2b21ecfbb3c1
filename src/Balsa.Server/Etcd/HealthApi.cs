using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.Protocol.Health;

namespace Balsa.Server.Etcd;

/// <summary>gRPC's own question for health: a node that answers it serves. Whether it has a leader is another question.</summary>
internal static class HealthApi
{
    private static HealthCheckResponse Serving => new() { Status = HealthCheckResponse.Types.ServingStatus.Serving };

    internal static Task<HealthCheckResponse> CheckAsync(HealthCheckRequest request, ServerCall call) =>
        request.Service.Length == 0
            ? Task.FromResult(Serving)
            : throw new GrpcException(StatusCode.NotFound, "unknown service");

    internal static async Task WatchAsync(HealthCheckRequest request, MessageWriter<HealthCheckResponse> writer, ServerCall call)
    {
        var known = request.Service.Length == 0;
        await writer.WriteAsync(
            known ? Serving : new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.ServiceUnknown });
        await Task.Delay(Timeout.InfiniteTimeSpan, call.Over);
    }
}

using Balsa.Grpc;
using Balsa.KeyValue.Answers;

namespace Balsa.Server.Access;

/// <summary>Refusals of the store as clients are told of them.</summary>
internal static class StoreProblems
{
    internal static GrpcException Of(StoreError error)
    {
        var (message, code) = StoreErrors.Explain(error);
        return new GrpcException((StatusCode)code, message);
    }

    internal static void ThrowIfAny(StoreError error)
    {
        if (error != StoreError.None) throw Of(error);
    }
}

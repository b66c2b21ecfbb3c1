using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.Raft.Reads;
using Balsa.Server.Protocol;

namespace Balsa.Server.Etcd;

/// <summary>The metadata by which a read asks for another consistency than the request's own flag.</summary>
internal static class ReadHeaders
{
    internal const string Consistency = "balsa-consistency";

    /// <param name="isSerializable">What the request itself says: etcd's word for local.</param>
    internal static ReadMode ModeOf(ServerCall call, bool isSerializable)
    {
        if (call.Metadata(Consistency) is not { } text) return isSerializable ? ReadMode.Local : ReadMode.Quorum;
        if (!ReadConsistencyText.TryRead(text, out var mode))
        {
            throw new GrpcException(
                StatusCode.InvalidArgument,
                $"balsa: the metadata {Consistency} is \"{text}\", and it must be one of {string.Join(", ", ReadConsistencyText.All)}");
        }

        if (isSerializable && mode != ReadMode.Local)
            throw new GrpcException(StatusCode.InvalidArgument, $"balsa: the request is serializable, and {Consistency} says {text}");
        return mode;
    }
}

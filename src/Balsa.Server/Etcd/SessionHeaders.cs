using System.Globalization;
using Balsa.Grpc;
using Balsa.Grpc.Server;
using Balsa.Raft.Log;

namespace Balsa.Server.Etcd;

/// <summary>The metadata that makes a write run once: which session, and which of its requests.</summary>
internal static class SessionHeaders
{
    internal const string Session = "balsa-session", Request = "balsa-request";

    /// <summary>An envelope that names them; an empty one when the client has no session.</summary>
    internal static EntryEnvelope Of(ServerCall call)
    {
        var session = NumberIn(call, Session);
        var request = NumberIn(call, Request);
        if (session == 0 && request != 0)
            throw new GrpcException(StatusCode.InvalidArgument, $"balsa: {Request} is given without {Session}");
        return new EntryEnvelope { Session = session, Request = request };
    }

    private static ulong NumberIn(ServerCall call, string name)
    {
        if (call.Metadata(name) is not { } text) return 0;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        throw new GrpcException(StatusCode.InvalidArgument, $"balsa: the metadata {name} is \"{text}\", and it must be a number");
    }
}

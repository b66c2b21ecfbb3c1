using Balsa.Grpc.Server;
using Balsa.KeyValue.Commands;
using Balsa.Protocol.Sessions;
using Balsa.Raft.Log;
using Balsa.Server.Access;

namespace Balsa.Server.Etcd;

/// <summary>Sessions of clients that want their retries to happen once.</summary>
internal sealed class SessionApi(ReplicaAccess replica)
{
    private const long SecondsByDefault = 60;

    internal async Task<SessionOpenResponse> OpenAsync(SessionOpenRequest request, ServerCall call)
    {
        var seconds = request.Seconds == 0 ? SecondsByDefault : request.Seconds;
        var entry = new CommandCodec().SessionOpen(new SessionOpenCommand(seconds));
        var answer = await replica.WriteAsync(CommandKind.SessionOpen, entry, call.Over);
        return new SessionOpenResponse { Session = (ulong)answer.Id, Seconds = seconds };
    }

    internal async Task<SessionKeepAliveResponse> KeepAliveAsync(SessionKeepAliveRequest request, ServerCall call)
    {
        var entry = new CommandCodec().Touch(new EntryEnvelope { Session = request.Session });
        await replica.WriteAsync(CommandKind.Touch, entry, call.Over);
        return new SessionKeepAliveResponse();
    }

    internal async Task<SessionCloseResponse> CloseAsync(SessionCloseRequest request, ServerCall call)
    {
        var entry = new CommandCodec().SessionClose(new EntryEnvelope { Session = request.Session });
        await replica.WriteAsync(CommandKind.SessionClose, entry, call.Over);
        return new SessionCloseResponse();
    }
}

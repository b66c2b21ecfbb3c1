using Balsa.Grpc.Server;
using Balsa.Protocol.RaftkvNode;

namespace Balsa.Adapters.Raftkv.Servers;

/// <summary>
/// Commands as text: GET k, PUT k v, REPLACE k v. The value is all that follows the key and one space, so it may have spaces and
/// may be empty; a key with a space needs the messages that have a field for it.
/// </summary>
internal sealed class CommandLines(Func<KvDesk> desk, TimeSpan patience)
{
    private const string WrongFormat = "Invalid command format";

    internal async Task<SendCommandResponse> SendAsync(SendCommandRequest asked, ServerCall call)
    {
        var words = asked.Msg.Split(' ', 3);
        var value = words.Length == 3 ? words[2] : null;
        var result = words.Length < 2
            ? KvResult.Refused(WrongFormat)
            : await RunAsync(words[0], words[1], value, new KvCaller(asked.ClientId, asked.RequestId), call);
        return new SendCommandResponse { Success = result.IsDone, Message = result.Text };
    }

    internal async Task<ClientResponse> ClientAsync(ClientRequest asked, ServerCall call)
    {
        var isGet = asked.Command.Equals("GET", StringComparison.OrdinalIgnoreCase);
        var result = await RunAsync(asked.Command, asked.Key, isGet ? null : asked.Value, default, call);
        return new ClientResponse { Success = result.IsDone, Message = result.Text, LeaderHint = result.Leader ?? "" };
    }

    /// <param name="value">Null where the command has none.</param>
    private async Task<KvResult> RunAsync(string command, string key, string? value, KvCaller caller, ServerCall call)
    {
        var longest = RaftkvPatience.For(call, patience);
        return (command.ToUpperInvariant(), value) switch
        {
            ("GET", null) => await desk().GetAsync(key, longest),
            ("PUT", not null) => await desk().PutAsync(key, value, caller, longest),
            ("REPLACE", not null) => await desk().ReplaceAsync(key, value, caller, longest),
            _ => KvResult.Refused(WrongFormat),
        };
    }
}

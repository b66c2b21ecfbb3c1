namespace Balsa.Adapters.Controller;

/// <summary>The words for requests of all courses, in one set: each is understood wherever requests are.</summary>
public static class RequestWords
{
    private static readonly Dictionary<string, RequestKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CONVERT_FOLLOWER"] = RequestKind.ConvertToFollower, ["FOLLOW"] = RequestKind.ConvertToFollower,
        ["TIMEOUT"] = RequestKind.TimeOut, ["TRYLEAD"] = RequestKind.TryLead, ["RUNFOROFFICE"] = RequestKind.TryLead,
        ["SHUTDOWN"] = RequestKind.ShutDown, ["PLAYDEAD"] = RequestKind.PlayDead, ["DIE"] = RequestKind.PlayDead,
        ["START_NODE"] = RequestKind.Resume, ["RESTART"] = RequestKind.Resume, ["WAKEUP"] = RequestKind.Resume,
        ["LEADER_INFO"] = RequestKind.LeaderInfo, ["STORE"] = RequestKind.Store, ["RETRIEVE"] = RequestKind.Retrieve,
        ["GETLOG"] = RequestKind.GetLog, ["STATUS"] = RequestKind.Status, ["PING"] = RequestKind.Ping,
        ["LAGGING"] = RequestKind.Lagging, ["CATCHMEUP"] = RequestKind.CatchMeUp, ["CATCHUP"] = RequestKind.CatchUp,
    };

    /// <summary>Some senders write the number of an enumeration instead of the word.</summary>
    private static readonly Dictionary<long, string> Numbers = new()
    {
        [1] = "APPEND_RPC", [2] = "VOTE_REQUEST", [3] = "VOTE_ACK", [4] = "APPEND_RPC_RESP", [5] = "STORE", [6] = "RETRIEVE",
        [7] = "CONVERT_FOLLOWER", [8] = "TIMEOUT", [9] = "SHUTDOWN", [10] = "LEADER_INFO", [11] = "WAKEUP",
    };

    /// <summary>What nodes say to each other. From outside nobody may vote or append.</summary>
    private static readonly HashSet<string> Internal = new(StringComparer.OrdinalIgnoreCase)
    {
        "APPEND_RPC", "APPENDENTRY", "APPENDENTRYRPC", "VOTE_REQUEST", "REQUESTVOTE", "REQUESTVOTERPC", "VOTE_ACK", "RESPONSEVOTERPC",
        "REQUESTVOTEREPLYRPC", "REQUESTVOTEACK", "APPEND_RPC_RESP", "APPEND_RPC_RESPONSE", "APPEND_REPLY", "APPENDENTRYREPLYRPC",
        "RESPONSEENTRYRPC", "VOTEME", "LEADME", "!LEADME", "VOTECONCENSUS", "HEARTBEAT",
    };

    /// <summary>Every word, in the order in which a person should read them.</summary>
    public static IReadOnlyCollection<string> All => Kinds.Keys;

    public static RequestKind? KindOf(string word) => Kinds.TryGetValue(Plain(word), out var kind) ? kind : null;

    internal static string? WordOf(long number) => Numbers.GetValueOrDefault(number);

    internal static bool IsInternal(string word) => Internal.Contains(Plain(word));

    private static string Plain(string word) => word.Trim().Replace(' ', '_').Replace('-', '_');
}

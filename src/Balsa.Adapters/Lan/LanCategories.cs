namespace Balsa.Adapters.Lan;

/// <summary>The kinds of message, as the course of the hub calls them.</summary>
public static class LanCategories
{
    public const string Hello = "Hello World", Get = "get", Put = "put", Success = "success", Failure = "failure",
        Forward = "forward2leader", Heartbeat = "heartbeat", RequestVote = "requestVote", ApproveVote = "approveVote",
        RejectVote = "rejectVote", RequestAppend = "requestAppend";

    /// <summary>Each with the word of the other course; where it has none, ours.</summary>
    internal static readonly (string Category, string Type)[] Types =
    [
        (Hello, "hello"), (Success, "ok"), (Failure, "fail"), (Forward, "redirect"),
    ];

    /// <summary>For a client, and so with the id of what it asked.</summary>
    public static bool IsReply(string category) => category is Success or Failure or Forward;
}

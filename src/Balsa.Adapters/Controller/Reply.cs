using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Controller;

/// <summary>The keys by which answers are told apart. The first is spelt as the course spells it.</summary>
public static class ReplyKeys
{
    public const string Entries = "COMMITED_LOGS", EntriesWithTwo = "COMMITTED_LOGS", Leader = "LEADER",
        NodeInfo = "Node_Info", Logs = "Logs";
}

/// <summary>What a node says, before a form makes datagrams of it.</summary>
internal sealed record Reply(string Request)
{
    internal ulong? Term { get; init; }

    /// <summary>JSON.</summary>
    internal string Key { get; init; } = "null";

    /// <summary>JSON.</summary>
    internal string Value { get; init; } = "null";

    /// <summary>In the place of the value; may need more than one datagram.</summary>
    internal StoredPage? Entries { get; init; }

    internal bool? Success { get; init; }

    internal string? Error { get; init; }

    /// <summary>A position in the list.</summary>
    internal long? Index { get; init; }

    internal long? Counter { get; init; }

    /// <summary>How large the value would have been, where there was no room for it.</summary>
    internal int? OmittedBytes { get; init; }

    /// <summary>Who is answered, where everybody hears it.</summary>
    internal string Recipient { get; init; } = "Controller";
}

using Balsa.KeyValue.Commands;

namespace Balsa.Adapters.Nodes;

/// <summary>What a member's own configuration does not say, and its dialects need.</summary>
public sealed record MemberNodeOptions
{
    public required string Name { get; init; }

    public required TimeSpan ElectionTimeout { get; init; }

    public required TimeSpan HeartbeatInterval { get; init; }

    public required int EntryBytesMax { get; init; }

    /// <summary>Begins a graceful end of the process.</summary>
    public required Action ShutDown { get; init; }

    /// <summary>Whether the store's quota has room for an entry; it may raise the alarm if not.</summary>
    public Func<CommandKind, byte[], bool> HasRoomFor { get; init; } = (_, _) => true;

    /// <summary>Lines for the operator.</summary>
    public Action<string> Note { get; init; } = _ => { };
}

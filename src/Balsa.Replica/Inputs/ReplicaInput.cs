using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Replica.Inputs;

/// <summary>The closed set of what can reach a replica from other threads.</summary>
public abstract record ReplicaInput
{
    private protected ReplicaInput()
    {
    }
}

/// <summary>A message with what travels beside it. The entries' checksums have been compared with their bytes.</summary>
public sealed record PeerMessage(
    Origin Origin, Message Message, EntryRef[] Entries, ReadOnlyMemory<byte>[] Payloads, Configuration[] Configurations) : ReplicaInput;

/// <summary>The way to a peer broke: what was sent lately is in doubt.</summary>
public sealed record PeerLost(MemberId Peer) : ReplicaInput;

/// <summary>The entry begins with an envelope whose kind and version are set; the replica stamps the rest.</summary>
public sealed record ProposeCommand(byte[] Entry, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput;

public sealed record RunQuery(ReadOnlyMemory<byte> Query, bool Local, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput;

public sealed record MoveLeadership(MemberId Target, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput;

public sealed record TellStatus(TaskCompletionSource<ReplicaStatus> Caller) : ReplicaInput;

/// <summary>Nothing but a reason to look at the clock and at the disk.</summary>
internal sealed record Wake : ReplicaInput
{
    internal static readonly Wake Up = new();
}

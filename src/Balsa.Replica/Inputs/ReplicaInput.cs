using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Reads;
using Balsa.Replica.Contracts;

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

/// <summary>A peer has committed that this member was removed.</summary>
public sealed record ToldOfRemoval(MemberId By) : ReplicaInput;

/// <summary>A write that another member was asked for and hands to the leader of this term.</summary>
public sealed record PeerForward(Origin Origin, ForwardedCommand Command) : ReplicaInput;

/// <summary>What became of a write that was handed to the leader.</summary>
public sealed record PeerForwardAnswer(Origin Origin, ForwardedAnswer Answer) : ReplicaInput;

/// <summary>What another member makes of its state.</summary>
public sealed record PeerOpinion(Origin Origin, StateOpinion Opinion) : ReplicaInput;

/// <summary>The entry begins with an envelope whose kind and version are set; the replica stamps the rest.</summary>
public sealed record ProposeCommand(byte[] Entry, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput
{
    /// <summary>For how long it may wait for a leader, on the replica's clock; 0 for not at all.</summary>
    public long Deadline { get; init; }
}

public sealed record RunQuery(ReadOnlyMemory<byte> Query, ReadMode Mode, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput
{
    /// <summary>For how long it may wait for a leader, on the replica's clock; 0 for not at all.</summary>
    public long Deadline { get; init; }
}

public sealed record MoveLeadership(MemberId Target, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput;

/// <param name="Expected">The configuration index that the caller saw; 0 changes whatever rules now.</param>
public sealed record ChangeMembers(
    ConfigurationChange[] Changes, LogIndex Expected, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput;

/// <summary>What would become of a membership change.</summary>
public sealed record PlanMembers(ConfigurationChange[] Changes, TaskCompletionSource<MembershipPlan> Caller) : ReplicaInput;

public sealed record StandForElection(CampaignKind Kind, TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput;

/// <summary>The leader gives up without a successor.</summary>
public sealed record GiveUpLeadership(TaskCompletionSource<ReplicaAnswer> Caller) : ReplicaInput;

/// <summary>A snapshot is made now, however little has happened since the last one.</summary>
public sealed record TakeSnapshot : ReplicaInput;

public sealed record TellStatus(TaskCompletionSource<ReplicaStatus> Caller) : ReplicaInput;

/// <summary>Nothing but a reason to look at the clock and at the disk.</summary>
internal sealed record Wake : ReplicaInput
{
    internal static readonly Wake Up = new();
}

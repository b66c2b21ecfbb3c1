using Balsa.Raft.Identity;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Forwarding;

namespace Balsa.Node.Peers;

/// <summary>Between what a replica says and hears and what travels.</summary>
public static class PeerBytes
{
    public static OutgoingFrame Write(in Message message, ReadOnlySpan<ReplicaEntry> entries, GroupId group)
    {
        long bytes = 0;
        foreach (ref readonly var entry in entries) bytes += entry.Payload.Length;
        var encoder = MessageEncoder.Begin(message, entries.Length, bytes);
        foreach (ref readonly var entry in entries) encoder.Add(entry.Ref, entry.Payload.Span);
        return encoder.Finish(group);
    }

    public static HashOpinion Write(in StateOpinion opinion) =>
        new(opinion.Index, opinion.FeatureLevel, opinion.Hash.Version, opinion.Hash.History, opinion.Hash.Content);

    public static Forward Write(ForwardedCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new Forward(command.Number, command.Term, command.Entry);
    }

    /// <summary>What a parcel is to the replica; null when it concerns somebody else.</summary>
    public static ReplicaInput? Read(in Origin origin, Parcel parcel) => parcel switch
    {
        Forward forward => new PeerForward(origin, new ForwardedCommand(forward.Number, forward.Term, forward.Entry)),
        ForwardAnswer answer => new PeerForwardAnswer(origin, ForwardedAnswers.Read(answer)),
        HashOpinion told => new PeerOpinion(
            origin, new StateOpinion(told.Index, told.FeatureLevel, new StateHash(told.HashVersion, told.History, told.Content))),
        _ => null,
    };
}

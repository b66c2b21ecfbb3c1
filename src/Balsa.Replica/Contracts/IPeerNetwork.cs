using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Replica.Contracts;

/// <summary>The way to the other members. Never blocks and never fails: what cannot be sent is lost, and Raft repairs it.</summary>
public interface IPeerNetwork
{
    /// <summary>The entries are read before this returns.</summary>
    void Send(in Message message, ReadOnlySpan<ReplicaEntry> entries);

    /// <summary>Whom to reach from now on.</summary>
    void Reach(Configuration configuration);

    /// <summary>A committed configuration: whom it calls removed may be told so, because that cannot be undone.</summary>
    void Settle(Configuration configuration);

    /// <summary>False when it certainly does not leave.</summary>
    bool Forward(MemberId leader, ForwardedCommand command);

    void Tell(MemberId member, in StateOpinion opinion);

    void Answer(MemberId sender, ForwardedAnswer answer);

    /// <summary>
    /// This start of a member showed the term, and acknowledged entries of that term's leader through the index (0: none). It says
    /// nothing about another directory under the same id.
    /// </summary>
    void Believe(in Origin sender, Term term, LogIndex match);
}

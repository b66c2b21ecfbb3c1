using Balsa.Raft.Identity;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Requests;

/// <summary>Another member, for a client of its own.</summary>
internal sealed class RemoteCaller(IPeerNetwork network, MemberId sender, ulong number) : Caller
{
    internal override void Answer(in ReplicaAnswer answer) => network.Answer(sender, new ForwardedAnswer(number, answer));
}

using Balsa.Node.Peers;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Transport.Codec;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>Who judges callers, whatever probe it was built with.</summary>
internal abstract class MemberJudge
{
    internal abstract IEnumerable<Member> Unknown { get; }

    internal abstract Boot HighestBoot(MemberId member);

    internal abstract void Believe(in Origin sender, Term term, LogIndex match);

    internal abstract void Learn(Configuration configuration);

    internal abstract void Settle(Configuration configuration);

    internal abstract HelloVerdict Judge(in PeerHello hello, Configuration configuration, out bool isNewBoot, out bool isNewcomer);

    internal sealed class Probed<TProbe>(PeerJudge<TProbe> judge) : MemberJudge where TProbe : struct, IProbe
    {
        internal override IEnumerable<Member> Unknown => judge.Unknown;

        internal override Boot HighestBoot(MemberId member) => judge.HighestBoot(member);

        internal override void Believe(in Origin sender, Term term, LogIndex match) => judge.Believe(sender, term, match);

        internal override void Learn(Configuration configuration) => judge.Learn(configuration);

        internal override void Settle(Configuration configuration) => judge.Settle(configuration);

        internal override HelloVerdict Judge(
            in PeerHello hello, Configuration configuration, out bool isNewBoot, out bool isNewcomer) =>
            judge.Judge(hello, configuration, out isNewBoot, out isNewcomer);
    }
}

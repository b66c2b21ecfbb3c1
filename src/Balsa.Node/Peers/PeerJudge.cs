using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;

namespace Balsa.Node.Peers;

/// <summary>
/// Judges who calls, by what was seen of it before, and keeps in mind who calls without being named. Called by one thread at a
/// time; sockets and simulated wires judge by the same.
/// </summary>
public sealed class PeerJudge<TProbe> where TProbe : struct, IProbe
{
    private readonly GroupId _group;
    private readonly PeerLedger _ledger = new();
    private readonly UnknownCallers _unknown = new();
    private Configuration _settled = Configuration.Empty;
    private readonly TProbe _probe;

    public PeerJudge(GroupId group, IEnumerable<SeenPeer> seen, TProbe probe = default)
    {
        ArgumentNullException.ThrowIfNull(seen);
        (_group, _probe) = (group, probe);
        foreach (var peer in seen) _ledger.Restore(peer.Member, peer.Incarnation, peer.HighestBoot);
    }

    /// <summary>Who was welcomed although no configuration names it.</summary>
    public IEnumerable<Member> Unknown => _unknown.All;

    public Boot HighestBoot(MemberId member) => _ledger.HighestBoot(member);

    public void Believe(in Origin sender, Term term, LogIndex match) => _ledger.Note(sender, term, match);

    /// <summary>Whom the newest configuration names.</summary>
    public void Learn(Configuration configuration) => _unknown.Forget(configuration);

    /// <summary>A committed one: what it says of who was removed holds for good.</summary>
    public void Settle(Configuration configuration) => _settled = configuration;

    /// <summary>For good, and it does not know yet: its leader stopped talking to it, or it was away.</summary>
    public bool WasRemoved(MemberId member) => _settled.WasRemoved(member);

    /// <param name="isNewBoot">It is the first that is seen of this boot, which must be remembered.</param>
    /// <param name="isNewcomer">It is to be answered where it says that it is.</param>
    public HelloVerdict Judge(in PeerHello hello, Configuration configuration, out bool isNewBoot, out bool isNewcomer)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var origin = hello.Hello.Origin;
        (isNewBoot, isNewcomer) = (false, false);
        if (origin.Group == _group && WasRemoved(origin.Member)) return HelloVerdict.Removed;
        var expected = configuration.Find(origin.Member)?.Incarnation ?? Incarnation.NotStarted;
        var before = _ledger.HighestBoot(origin.Member);
        // What was written into the hello of a second link may have been overtaken by the first one. That this is no old
        // state was judged when the first one came.
        var isSecond = hello.Link == LinkPurpose.Bulk && before == origin.Boot && !_probe.Plants(Mutant.NodeJudgesSecondLink);
        var isRepairing = hello.Hello.Repairing && !_probe.Plants(Mutant.NodeJudgesRepairing);
        var admission = _ledger.Judge(hello.Hello, _group, expected, isRepairing, isSecond);
        if (admission == Admission.BootRolledBack && _probe.Plants(Mutant.NodeWelcomesOldBoot)) admission = Admission.Welcome;
        if (admission == Admission.StateRolledBack && _probe.Plants(Mutant.NodeWelcomesOldState)) admission = Admission.Welcome;
        var isWelcome = admission == Admission.Welcome;
        isNewBoot = isWelcome && _ledger.HighestBoot(origin.Member) != before;
        isNewcomer = isWelcome && _unknown.Note(configuration, origin.Member, hello.PeerUrls);
        return admission switch
        {
            Admission.Welcome => HelloVerdict.Welcome,
            Admission.WrongGroup => HelloVerdict.WrongGroup,
            Admission.WrongIncarnation => HelloVerdict.WrongIncarnation,
            Admission.BootRolledBack => HelloVerdict.BootRolledBack,
            _ => HelloVerdict.StateRolledBack,
        };
    }
}

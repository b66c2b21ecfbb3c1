using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;

namespace Balsa.Replica;

/// <summary>To whom a leader that stops hands over.</summary>
internal static class Succession
{
    /// <summary>The fit voter that has most of the log and was heard since; none when there is no such.</summary>
    internal static MemberId Best<TProbe>(RaftCore<TProbe> core, long since) where TProbe : struct, IProbe
    {
        var best = MemberId.None;
        var match = LogIndex.Zero;
        foreach (var member in core.Configuration.Members)
        {
            if (member.Role != MemberRole.Voter || !core.TryGetPeer(member.Id, out var peer) || peer.NotCounted || peer.DiskSlow) continue;
            if (peer.HeardAt <= since || (!best.IsNone && peer.Match <= match)) continue;
            (best, match) = (peer.Member, peer.Match);
        }

        return best;
    }
}

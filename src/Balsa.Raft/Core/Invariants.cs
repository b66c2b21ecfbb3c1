using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;

namespace Balsa.Raft.Core;

/// <summary>Everything that is true of every state and of every step, whatever the input. Checked in production.</summary>
internal static class Invariants
{
    /// <summary>What a step may only move one way.</summary>
    internal readonly record struct Before(HardState HardState, LogIndex Commit, LogIndex Applied, Role Role, EntryId Last);

    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal Before Remember() => new(core.HardState, core.Commit, core.Applied, core.Role, core.Log.Last);

        /// <summary>True of every state.</summary>
        internal void CheckState()
        {
            Invariant.Check(core.Applied <= core.ApplyIssued);
            Invariant.Check(core.ApplyIssued == core.Commit);
            Invariant.Check(core.Commit <= core.Log.Last.Index);
            Invariant.Check(core.Log.Boundary.Index <= core.Log.Snapshot.Index);
            Invariant.Check(core.Log.Snapshot.Index <= core.Commit);
            Invariant.Check(core.DurableIndex <= core.Log.Last.Index);
            Invariant.Check(core.DurableIo <= core.LastIo);
            Invariant.Check(core.Verified <= core.Log.Last.Index);
            Invariant.Check(core.Log.Last.Term <= core.Term);
            Invariant.Check(core.Configurations.LatestIndex <= core.Log.Last.Index);
            Invariant.Check(core.Role == Role.Leader == core.Leading is not null);
            Invariant.Check(core.Role is Role.Candidate or Role.PreCandidate == core.Standing is not null);
            if (core.Role == Role.Candidate) Invariant.Check(core.VotedFor == core.Self);
            if (core.Leading is not null) core.CheckLeader();
        }

        private void CheckLeader()
        {
            Invariant.Check(core.Leader == core.Self);
            Invariant.Check(core.Proposals.UncommittedEntries >= 0);
            foreach (var slot in core.Roster.All)
            {
                if (core.Leading![slot] is not { } peer) continue;
                Invariant.Check(peer.Match < peer.Next);
                Invariant.Check(peer.Match <= core.Log.Last.Index);
                Invariant.Check(peer.Next <= core.Log.Last.Index.Next);
            }
        }

        /// <summary>True of every step.</summary>
        internal void CheckStep(in Before before)
        {
            Invariant.Check(core.Term >= before.HardState.Term);
            // These two mistakes are left for the judges outside the core to find.
            var mayChangeVote = core.Probe.Plants(Mutant.VoteForgottenOnStepDown) || core.Probe.Plants(Mutant.VoteTwice);
            if (core.Term == before.HardState.Term && !before.HardState.VotedFor.IsNone && !mayChangeVote)
                Invariant.Check(core.VotedFor == before.HardState.VotedFor);
            Invariant.Check(core.Commit >= before.Commit);
            Invariant.Check(core.Applied >= before.Applied);
            // A leader appends and never takes back; one that stays in its term stays the same one.
            if (before.Role == Role.Leader && core.Role == Role.Leader)
            {
                Invariant.Check(core.Term == before.HardState.Term);
                Invariant.Check(core.Log.Last.IsAtLeastAsCompleteAs(before.Last));
            }
        }
    }
}

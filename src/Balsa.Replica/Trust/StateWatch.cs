using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Replica.Applying;
using Balsa.Replica.Contracts;
using Balsa.Replica.Skipping;

namespace Balsa.Replica.Trust;

/// <summary>
/// Watches over the state: a member whose state is lost, or differs from what most others have, serves nobody and does not
/// lead. Its log goes on and its vote counts, because they are as good as ever.
/// </summary>
internal sealed class StateWatch<TProbe>(
    RaftCore<TProbe> core, IPeerNetwork network, MemberId self, ReplicaOptions options, TProbe probe)
    where TProbe : struct, IProbe
{
    private readonly OpinionBox _box = new(self);
    private LogIndex _splitAt;
    private bool _toldOfSkip;

    /// <summary>Why this member is set aside; null when it is not.</summary>
    internal string? Aside { get; private set; }

    /// <summary>The entry that could not be applied, and the way out.</summary>
    internal PoisonedEntry? Poisoned { get; private set; }

    /// <summary>What a batch did to the state.</summary>
    internal void Look(Applier applier)
    {
        if (applier.Failure is { } failure) OnFailure(applier, failure);
        foreach (var (index, hash) in applier.Hashes)
            OnOwn(new StateOpinion(index, core.ConfigurationAt(index).FeatureLevel, hash));
        applier.ForgetHashes();
    }

    internal void OnPeer(MemberId member, in StateOpinion opinion)
    {
        if (core.Configuration.Find(member) is not null) Judge(member, opinion);
    }

    /// <summary>A leader's snapshot took the place of the state.</summary>
    internal void OnAdopted()
    {
        _box.Clear();
        if (Aside is null) return;
        (Aside, Poisoned, _toldOfSkip) = (null, null, false);
        core.SetAside(false);
        options.Note("the state was replaced by the leader's: this member serves again");
    }

    private void OnFailure(Applier applier, FailedEntry failure)
    {
        if (failure.Problem is SkipOverruledException overruled)
        {
            SetAside(
                overruled.Message,
                "Restart it: it leaves the entry out. If a snapshot of its own contains the entry, it says this again: then replace it "
                + "by an empty one");
            return;
        }

        if (Aside is null)
        {
            Poisoned = new PoisonedEntry(failure.Named, options.SkipCommand(failure.Named));
            SetAside(
                $"entry {failure.Entry}, hash {failure.Named.HashText}, could not be applied: {failure.Problem.GetType().Name}: "
                + failure.Problem.Message,
                "Restart it with a build that can apply the entry. If there is none, leave the entry out: stop a majority of the voters, "
                + $"and in the directory of each say: {Poisoned.Command}");
        }

        if (_toldOfSkip || Poisoned is null || !applier.IsFailureSkipped) return;
        _toldOfSkip = true;
        options.Note($"the cluster leaves out entry {failure.Named} from now on: restart this member, and it does so too");
        (Poisoned, Aside) = (
            null, $"the cluster leaves out entry {failure.Named}, which could not be applied here: restart this member");
    }

    private void OnOwn(in StateOpinion opinion)
    {
        foreach (var member in core.Configuration.Members)
            if (member.Id != self) network.Tell(member.Id, opinion);
        Judge(self, opinion);
    }

    private void Judge(MemberId member, in StateOpinion opinion)
    {
        var about = probe.Plants(Mutant.HostComparesOtherIndexes) ? opinion with { Index = new LogIndex(1) } : opinion;
        switch (_box.Take(member, about, out var index))
        {
            case Comparison.Outvoted:
                SetAside(
                    $"its state at entry {index} differs from what most members have", "Restart it, or replace it by an empty one");
                break;
            case Comparison.Split when index > _splitAt:
                _splitAt = index;
                options.Note($"error: members differ about the state at entry {index}, and nobody can say who is right");
                options.Diverged(index);
                break;
        }
    }

    private void SetAside(string why, string next)
    {
        if (Aside is not null) return;
        Aside = why;
        core.SetAside(true);
        options.Note(
            $"error: this member serves nobody and does not lead from now on: {why}. Its log and its vote are not concerned. "
            + next);
    }
}

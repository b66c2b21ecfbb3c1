using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using static Balsa.Simulation.Faults.MemberDraws;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>
/// People who change the membership and ask for elections and snapshots at bad times. They replace what is lost, and take no
/// member away without which no sound quorum would be left.
/// </summary>
internal sealed class MemberOperators(FullRun world)
{
    private const long Settling = 200 * TimeSpan.TicksPerMillisecond;

    /// <summary>Further than any log of a world gets.</summary>
    private const ulong NoSuchIndex = 1UL << 40;

    private readonly List<(FullNode Leader, ulong Life, Task Answer)> _asked = [];

    /// <summary>Until then a change may be on its way between members that no log shows yet.</summary>
    private long _settled;

    /// <summary>
    /// Whether a change may come that no log shows yet. A leader that sleeps, or waits for its disk, carries out much later what
    /// it was asked, by what was sound when it was asked.
    /// </summary>
    internal bool HasAsked
    {
        get
        {
            _asked.RemoveAll(asked => asked.Answer.IsCompleted || asked.Leader.Life != asked.Life || asked.Leader.Process is null);
            return _asked.Count > 0 || _settled > world.Now;
        }
    }

    /// <summary>Elections that somebody asked for.</summary>
    internal long ElectionsAsked { get; private set; }

    internal bool Do(FaultKind kind, Dice draw)
    {
        if (kind is FaultKind.Campaign or FaultKind.ForcedCampaign) return Campaign(kind, draw);
        if (kind == FaultKind.SnapshotTaken) return TakeSnapshot(draw);
        if (world.FindLeader() is not { IsServing: true } leader) return false;
        var configuration = leader.Machine!.Configuration;
        return kind switch
        {
            FaultKind.AddLearner => world.Newcomers.Add(leader, configuration, ChangeKind.AddLearner),
            FaultKind.AddVoter => world.Newcomers.Add(leader, configuration, ChangeKind.AddVoter),
            FaultKind.Promote => Promote(leader, configuration, draw),
            FaultKind.Demote => Change(leader, ChangeKind.Demote, Pick(configuration, MemberRole.Voter, draw)),
            FaultKind.Remove => Change(leader, ChangeKind.Remove, PickAny(configuration, draw)),
            FaultKind.RemoveLeader => Change(leader, ChangeKind.Remove, leader.Id),
            FaultKind.ReAdd => world.Newcomers.AddAgain(leader, configuration, draw),
            FaultKind.WrongExpected => AskWithWrongIndex(leader, draw),
            FaultKind.ConcurrentChange => AskTwice(leader, configuration, draw),
            FaultKind.Replace => world.Newcomers.Replace(leader, configuration),
            FaultKind.Settings => Ask(leader, MemberDraws.Settings(draw)),
            FaultKind.Transfer => Transfer(leader, PickAny(configuration, draw)),
            _ => Elect(leader, new GiveUpLeadership(Nobody())),
        };
    }

    internal bool Ask(FullNode leader, params ConfigurationChange[] changes)
    {
        var asked = Nobody();
        NoteAsked(leader, asked);
        return world.Pumps.Post(leader, new ChangeMembers(changes, LogIndex.Zero, asked));
    }

    private void NoteAsked(FullNode leader, TaskCompletionSource<ReplicaAnswer> asked)
    {
        _settled = world.Now + Settling;
        _asked.Add((leader, leader.Life, asked.Task));
    }

    internal bool Transfer(FullNode leader, MemberId target) => Elect(leader, new MoveLeadership(target, Nobody()));

    private static TaskCompletionSource<ReplicaAnswer> Nobody() => new();

    /// <summary>Where nobody is a learner yet, somebody becomes one first.</summary>
    private bool Promote(FullNode leader, Configuration configuration, Dice draw)
    {
        var learner = Pick(configuration, MemberRole.Learner, draw);
        if (!learner.IsNone)
            return (draw.Chance(400) && Swap(leader, configuration, learner, draw)) || Change(leader, ChangeKind.Promote, learner);
        world.Newcomers.Add(leader, configuration, ChangeKind.AddLearner);
        return false;
    }

    /// <summary>One becomes a voter and another stops being one, in one change: without a joint step this would be unsafe.</summary>
    private bool Swap(FullNode leader, Configuration configuration, MemberId up, Dice draw)
    {
        var down = Pick(configuration, MemberRole.Voter, draw);
        if (!world.Budget.IsSound(up) || !MayDoWithout(configuration, down)) return false;
        return Ask(leader, ConfigurationChange.Of(ChangeKind.Promote, up), ConfigurationChange.Of(ChangeKind.Demote, down));
    }

    private bool Change(FullNode leader, ChangeKind kind, MemberId id)
    {
        if (id.IsNone || (kind == ChangeKind.Promote && !world.Budget.IsSound(id))) return false;
        if (kind is ChangeKind.Remove or ChangeKind.Demote && !MayDoWithout(leader.Machine!.Configuration, id)) return false;
        return Ask(leader, ConfigurationChange.Of(kind, id));
    }

    /// <summary>Whoever asks has seen a membership that never was: it must not be changed.</summary>
    private bool AskWithWrongIndex(FullNode leader, Dice draw)
    {
        var asked = Nobody();
        var expected = draw.Chance(500) ? new LogIndex(NoSuchIndex) : new LogIndex(1 + (ulong)draw.Below(5));
        NoteAsked(leader, asked);
        if (!world.Pumps.Post(leader, new ChangeMembers([MemberDraws.Settings(draw)], expected, asked))) return false;
        Action look = () =>
        {
            if (expected.Value != NoSuchIndex || !asked.Task.IsCompletedSuccessfully) return;
            if (asked.Task.Result.Outcome.Verdict != Verdict.NotDone)
                world.Verdicts.Report(
                    "expected membership", $"{leader.Id} carries out a change of a membership that never was: {asked.Task.Result.Outcome}");
        };
        world.Queue.Add(world.Now + 10 * Settling, EventKind.Mishap, leader.Slot, 0, 0, 0, look);
        return true;
    }

    private bool AskTwice(FullNode leader, Configuration configuration, Dice draw)
    {
        Ask(leader, MemberDraws.Settings(draw));
        return world.Newcomers.Add(leader, configuration, ChangeKind.AddLearner) || Ask(leader, MemberDraws.Settings(draw));
    }

    private bool Elect(FullNode node, ReplicaInput input)
    {
        ElectionsAsked++;
        return world.Pumps.Post(node, input);
    }

    private bool Campaign(FaultKind kind, Dice draw)
    {
        var node = world.Nodes[draw.Below(world.Nodes.Count)];
        if (!node.IsServing) return false;
        if (kind == FaultKind.Campaign) return Elect(node, new StandForElection(CampaignKind.Ordinary, Nobody()));
        if (!node.Machine!.Configuration.Settings.AllowForcedCampaign && world.FindLeader() is { IsServing: true } leader)
            Ask(leader, new ConfigurationChange { Kind = ChangeKind.SetSettings, Settings = new ClusterSettings(true, draw.Chance(600)) });
        Action force = () =>
        {
            if (node.IsServing && !world.IsCalm) Elect(node, new StandForElection(CampaignKind.Forced, Nobody()));
        };
        world.Queue.Add(world.Now + 2 * Settling, EventKind.Mishap, node.Slot, 0, 0, 0, force);
        return true;
    }

    private bool TakeSnapshot(Dice draw)
    {
        var node = world.Nodes[draw.Below(world.Nodes.Count)];
        return node.IsServing && world.Pumps.Post(node, new TakeSnapshot());
    }

    private bool MayDoWithout(Configuration configuration, MemberId id) =>
        MemberDraws.MayDoWithout(configuration, id, world.Budget.IsSound);
}

using Balsa.Raft;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Worlds;
using static Balsa.Simulation.Faults.MemberDraws;

namespace Balsa.Simulation.Workload;

/// <summary>People who change the membership and move leadership about, at bad times.</summary>
internal sealed class Operators(World world)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    /// <summary>Until then a change may still be on its way to a leader.</summary>
    internal long ChangesAsked { get; private set; }

    /// <summary>False when there was nobody to ask, or nothing sensible to ask for.</summary>
    internal bool Do(FaultKind kind, Dice dice)
    {
        if (kind is FaultKind.Campaign or FaultKind.ForcedCampaign) return Campaign(kind, dice);
        if (world.FindLeader() is not { } leader) return false;
        var configuration = leader.Log.Ruling;
        switch (kind)
        {
            case FaultKind.AddLearner: return Add(leader, ChangeKind.AddLearner, dice);
            case FaultKind.AddVoter: return Add(leader, ChangeKind.AddVoter, dice);
            case FaultKind.Promote when dice.Chance(400): return Swap(leader, configuration, dice);
            case FaultKind.Promote: return ChangeMember(leader, ChangeKind.Promote, Pick(configuration, MemberRole.Learner, dice));
            case FaultKind.Demote: return ChangeMember(leader, ChangeKind.Demote, Pick(configuration, MemberRole.Voter, dice));
            case FaultKind.Remove: return ChangeMember(leader, ChangeKind.Remove, PickAny(configuration, dice));
            case FaultKind.RemoveLeader: return ChangeMember(leader, ChangeKind.Remove, leader.Id);
            case FaultKind.ReAdd: return AddAgain(leader, configuration, dice);
            case FaultKind.Replace: return Replace(leader, configuration, dice);
            case FaultKind.WrongExpected: return AskWithWrongIndex(leader, dice);
            case FaultKind.ConcurrentChange: return AskTwice(leader, dice);
            case FaultKind.Settings: return Ask(leader, [MemberDraws.Settings(dice)], LogIndex.Zero);
            case FaultKind.Transfer: return Transfer(leader, Pick(configuration, MemberRole.Voter, dice));
            default: return Operate(leader, (node, machine) => machine.Resign(world.Requests.Ask(RequestKind.Resign, node)));
        }
    }

    internal void ReplaceLater(SimulatedNode lost)
    {
        for (var i = 1; i <= 3; i++)
            world.Queue.Add(world.Now + i * 3_000 * Millisecond, EventKind.Fault, lost.Slot, 0, 1);
    }

    internal void TryReplace()
    {
        if (!world.Timing.IsCalm && world.FindLeader() is { } leader && Replace(leader, leader.Log.Ruling, new Dice((ulong)world.Now)))
            world.Faults.Hit(FaultKind.Replace);
    }

    private bool Add(SimulatedNode leader, ChangeKind kind, Dice dice)
    {
        if (leader.Log.Ruling.Members.Length >= 8 || NewNode(dice) is not { } node) return false;
        return Ask(leader, [ConfigurationChange.Of(kind, node.Id)], LogIndex.Zero);
    }

    /// <summary>A directory that belongs to nobody yet; it starts soon, or never.</summary>
    private SimulatedNode? NewNode(Dice dice)
    {
        foreach (var node in world.Nodes)
            if (node.State is NodeState.Up or NodeState.Down && node.Harm == Harm.None && node.Disk.Durable.Log.Ruling.IsEmpty
                && node.Log.Ruling.IsEmpty)
                return node;
        if (world.AddNode() is not { } added) return null;
        if (!dice.Chance(50)) world.Lifecycle.RestartAfter(added, dice.Below(3_000 * Millisecond));
        return added;
    }

    private bool AddAgain(SimulatedNode leader, Configuration configuration, Dice dice)
    {
        foreach (var id in configuration.Removed)
        {
            var node = world.Nodes[(int)id.Value - 1];
            if (!world.Oracles.Committed.Configuration!.WasRemoved(id)) continue;
            if (node.State != NodeState.Gone || node.Harm is not (Harm.None or Harm.Wiped)) continue;
            if (node.Harm == Harm.Wiped || dice.Chance(500)) world.Lifecycle.MakeNewDirectory(node, Configuration.Empty);
            (node.State, node.Harm, node.BeforeHarm) = (NodeState.Down, Harm.None, null);
            world.Lifecycle.RestartAfter(node, dice.Below(1_000 * Millisecond));
            return Ask(leader, [ConfigurationChange.Of(dice.OneOf(ChangeKind.AddLearner, ChangeKind.AddVoter), id)], LogIndex.Zero);
        }
        return false;
    }

    private bool Replace(SimulatedNode leader, Configuration configuration, Dice dice)
    {
        foreach (var member in configuration.Members)
        {
            if (member.Role == MemberRole.Leaving || world.Budget.IsSound(member.Id)) continue;
            if (world.Nodes[(int)member.Id.Value - 1] is { Harm: Harm.Damaged, IsUp: true }) continue;
            var removal = ConfigurationChange.Of(ChangeKind.Remove, member.Id);
            if (NewNode(dice) is not { } node || configuration.Members.Length >= 8) return Ask(leader, [removal], LogIndex.Zero);
            return Ask(leader, [removal, ConfigurationChange.Of(ChangeKind.AddVoter, node.Id)], LogIndex.Zero);
        }
        return false;
    }

    private bool ChangeMember(SimulatedNode leader, ChangeKind kind, MemberId id)
    {
        if (id.IsNone || (kind is ChangeKind.Promote && !world.Budget.IsSound(id))
            || (kind is ChangeKind.Remove or ChangeKind.Demote && !MayDoWithout(leader.Log.Ruling, id))) return false;
        return Ask(leader, [ConfigurationChange.Of(kind, id)], LogIndex.Zero);
    }

    /// <summary>One becomes a voter and another stops being one, in one change: without a joint step this would be unsafe.</summary>
    private bool Swap(SimulatedNode leader, Configuration configuration, Dice dice)
    {
        var (up, down) = (Pick(configuration, MemberRole.Learner, dice), Pick(configuration, MemberRole.Voter, dice));
        if (up.IsNone || down.IsNone || !world.Budget.IsSound(up) || !MayDoWithout(configuration, down)) return false;
        return Ask(leader, [ConfigurationChange.Of(ChangeKind.Promote, up), ConfigurationChange.Of(ChangeKind.Demote, down)],
            LogIndex.Zero);
    }

    private bool AskWithWrongIndex(SimulatedNode leader, Dice dice)
    {
        var expected = dice.Chance(500) ? leader.Log.RulingIndex.Next : new LogIndex(1 + (ulong)dice.Below(5));
        return Ask(leader, [MemberDraws.Settings(dice)], expected);
    }

    private bool AskTwice(SimulatedNode leader, Dice dice)
    {
        Ask(leader, [MemberDraws.Settings(dice)], LogIndex.Zero);
        return Add(leader, ChangeKind.AddLearner, dice) || Ask(leader, [MemberDraws.Settings(dice)], LogIndex.Zero);
    }

    private bool Ask(SimulatedNode leader, ConfigurationChange[] changes, LogIndex expected)
    {
        ChangesAsked = world.Now + 100 * Millisecond;
        return Operate(leader, (node, machine) =>
        {
            ChangesAsked = world.Now + 10 * Millisecond;
            machine.Change(changes, expected, world.Requests.Ask(RequestKind.Change, node));
        });
    }

    internal void TransferTo(SimulatedNode leader, MemberId target) => Transfer(leader, target);

    internal void AskFor(SimulatedNode leader, ConfigurationChange[] changes) => Ask(leader, changes, LogIndex.Zero);

    private bool Transfer(SimulatedNode leader, MemberId target)
    {
        if (target.IsNone) return false;
        world.ElectionsAsked++;
        return Operate(leader, (node, machine) =>
        {
            var correlation = world.Requests.Ask(RequestKind.Transfer, node);
            // With inputs still to be drained, proposals from before would look as if they came after.
            if (!node.DrainIsDue && machine.Role == Role.Leader) node.Memory.HandsOver = (correlation.Value, machine.Term);
            machine.Transfer(target, correlation);
        });
    }

    private bool Campaign(FaultKind kind, Dice dice)
    {
        var node = world.Nodes[dice.Below(world.Nodes.Count)];
        if (!node.IsUp) return false;
        world.ElectionsAsked++;
        var how = kind == FaultKind.ForcedCampaign ? CampaignKind.Forced : CampaignKind.Ordinary;
        return Operate(node, (asked, machine) => machine.Campaign(how, world.Requests.Ask(RequestKind.Campaign, asked)));
    }

    private bool Operate(SimulatedNode node, Action<SimulatedNode, Machine> what)
    {
        if (node.PausedUntil > world.Now) return false;
        world.Queue.Add(world.Now + world.Timing.Latency(), EventKind.Operate, node.Slot, node.Life, 0, 0, what);
        return true;
    }

    private bool MayDoWithout(Configuration configuration, MemberId id) =>
        MemberDraws.MayDoWithout(configuration, id, world.Budget.IsSound);
}

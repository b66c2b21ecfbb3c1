using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Replica.Inputs;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>
/// People who change the membership and ask for elections and snapshots at bad times. They replace what is lost, and take no
/// member away without which no sound quorum would be left.
/// </summary>
internal sealed class MemberOperators(FullRun world)
{
    private const int NodesMax = 16, MembersMax = 7;
    private const long Settling = 200 * TimeSpan.TicksPerMillisecond;

    /// <summary>Until then a change may be on its way that no log shows yet.</summary>
    internal long ChangesAsked { get; private set; }

    /// <summary>Elections that somebody asked for.</summary>
    internal long ElectionsAsked { get; private set; }

    internal bool Do(FaultKind kind, Dice draw)
    {
        if (world.FindLeader() is not { IsServing: true } leader) return false;
        var configuration = leader.Machine!.Configuration;
        return kind switch
        {
            FaultKind.AddLearner => Add(leader, configuration, ChangeKind.AddLearner),
            FaultKind.AddVoter => Add(leader, configuration, ChangeKind.AddVoter),
            FaultKind.Promote => Change(leader, ChangeKind.Promote, Pick(configuration, MemberRole.Learner, draw)),
            FaultKind.Demote => Change(leader, ChangeKind.Demote, Pick(configuration, MemberRole.Voter, draw)),
            FaultKind.Remove => Change(leader, ChangeKind.Remove, PickAny(configuration, draw)),
            FaultKind.RemoveLeader => Change(leader, ChangeKind.Remove, leader.Id),
            FaultKind.Replace => Replace(leader, configuration),
            FaultKind.Settings => Ask(leader, new ConfigurationChange
            {
                Kind = ChangeKind.SetSettings, Settings = new ClusterSettings(false, draw.Chance(600)),
            }),
            FaultKind.Transfer => Elect(leader, new MoveLeadership(PickAny(configuration, draw), Nobody())),
            FaultKind.Resign => Elect(leader, new GiveUpLeadership(Nobody())),
            FaultKind.Campaign => Campaign(draw),
            _ => TakeSnapshot(draw),
        };
    }

    private static TaskCompletionSource<ReplicaAnswer> Nobody() => new();

    private bool Add(FullNode leader, Configuration configuration, ChangeKind kind) =>
        configuration.Members.Length < MembersMax && NewNode(configuration) is { } node
        && Ask(leader, ConfigurationChange.Of(kind, node.Id));

    private bool Change(FullNode leader, ChangeKind kind, MemberId id)
    {
        if (id.IsNone || (kind == ChangeKind.Promote && !world.Budget.IsSound(id))) return false;
        if (kind is ChangeKind.Remove or ChangeKind.Demote && !MayDoWithout(leader.Machine!.Configuration, id)) return false;
        return Ask(leader, ConfigurationChange.Of(kind, id));
    }

    /// <summary>A member whose directory is lost gives its place to an empty one under another id.</summary>
    private bool Replace(FullNode leader, Configuration configuration)
    {
        foreach (var member in configuration.Members)
        {
            if (member.Role == MemberRole.Leaving || world.Budget.IsSound(member.Id)) continue;
            if (world.NodeOf(member.Id) is { Harm: Harm.Damaged, State: NodeState.Up }) continue;
            var removal = ConfigurationChange.Of(ChangeKind.Remove, member.Id);
            return NewNode(configuration) is { } node
                ? Ask(leader, removal, ConfigurationChange.Of(ChangeKind.AddVoter, node.Id)) : Ask(leader, removal);
        }

        return false;
    }

    /// <summary>Sound voters must stay the majority also of the smaller cluster.</summary>
    private bool MayDoWithout(Configuration configuration, MemberId id)
    {
        int voters = 0, sound = 0;
        foreach (var member in configuration.Members)
        {
            if (member.Role != MemberRole.Voter || member.Id == id) continue;
            voters++;
            if (world.Budget.IsSound(member.Id)) sound++;
        }

        return voters > 0 && 2 * sound > voters;
    }

    private bool Ask(FullNode leader, params ConfigurationChange[] changes)
    {
        ChangesAsked = world.Now + Settling;
        return world.Pumps.Post(leader, new ChangeMembers(changes, LogIndex.Zero, Nobody()));
    }

    private bool Elect(FullNode node, ReplicaInput input)
    {
        ElectionsAsked++;
        return world.Pumps.Post(node, input);
    }

    private bool Campaign(Dice draw)
    {
        var node = world.Nodes[draw.Below(world.Nodes.Count)];
        return node.IsServing && Elect(node, new StandForElection(CampaignKind.Ordinary, Nobody()));
    }

    private bool TakeSnapshot(Dice draw)
    {
        var node = world.Nodes[draw.Below(world.Nodes.Count)];
        return node.IsServing && world.Pumps.Post(node, new TakeSnapshot());
    }

    /// <summary>An empty directory, started by somebody who told it whom to call.</summary>
    private FullNode? NewNode(Configuration configuration)
    {
        if (world.Nodes.Count == NodesMax) return null;
        var node = new FullNode(world.Nodes.Count, Configuration.Empty, world.ChainOf) { Introduction = configuration };
        world.Nodes.Add(node);
        world.Lifecycle.Start(node);
        return node;
    }

    private static MemberId Pick(Configuration configuration, MemberRole role, Dice draw)
    {
        var (picked, seen) = (MemberId.None, 0);
        foreach (var member in configuration.Members)
            if (member.Role == role && draw.Below(++seen) == 0) picked = member.Id;
        return picked;
    }

    private static MemberId PickAny(Configuration configuration, Dice draw) =>
        configuration.Members.Length == 0 ? MemberId.None : configuration.Members[draw.Below(configuration.Members.Length)].Id;
}

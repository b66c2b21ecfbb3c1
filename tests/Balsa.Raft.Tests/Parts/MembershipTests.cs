using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Quorum;

namespace Balsa.Raft.Tests.Parts;

/// <summary>Planning, remembering and seating configurations, against plain lists and sets.</summary>
public sealed class MembershipTests
{
    private static ulong[] Voters(Configuration configuration) =>
        [.. configuration.Members.ToArray().Where(m => m.Role == MemberRole.Voter).Select(m => m.Id.Value)];

    private static ConfigurationChange RandomChange(Dice dice)
    {
        var kind = dice.Pick(Enum.GetValues<ChangeKind>());
        return ConfigurationChange.Of(kind, new MemberId((ulong)dice.Between(0, 11))) with
        {
            Incarnation = new Incarnation((ulong)dice.Below(2)), FeatureLevel = 3,
            Name = dice.Pick<string?>(null, "new", new string('x', 2000)),
        };
    }

    [Fact]
    public void A_planned_configuration_is_possible_and_joint_exactly_when_the_voters_change()
    {
        Dice.Throw(3000, dice =>
        {
            var current = dice.Configuration();
            var changes = Enumerable.Range(0, dice.Between(1, 3)).Select(_ => RandomChange(dice)).ToArray();
            var error = ConfigurationPlanner.TryPlan(current, changes, new LogIndex(50), dice.OneIn(2), out var next);
            if (error != ConfigurationError.None)
            {
                Assert.Same(current, next);
                return;
            }
            Assert.Equal(ConfigurationError.None, ConfigurationRules.Check(next));
            Assert.Equal(!Voters(current).SequenceEqual(Voters(next)), next.IsJoint);
            if (next.IsJoint) CheckJoint(current, next);
            else Assert.DoesNotContain(MemberRole.Leaving, next.Members.ToArray().Select(m => m.Role));
        });
    }

    private static void CheckJoint(Configuration before, Configuration joint)
    {
        Assert.Equal(Voters(before), joint.OutgoingVoters.ToArray().Select(id => id.Value));
        var after = ConfigurationPlanner.Leave(joint);
        Assert.False(after.IsJoint);
        Assert.Equal(Voters(joint), Voters(after));
        Assert.Equal(ConfigurationError.None, ConfigurationRules.Check(after));
        foreach (var member in joint.Members)
        {
            var leaves = member.Role == MemberRole.Leaving;
            Assert.Equal(leaves, after.WasRemoved(member.Id));
            Assert.Equal(!leaves, after.Find(member.Id) is not null);
        }
    }

    [Fact]
    public void A_change_made_on_the_way_shares_a_voter_with_every_quorum_before_and_after()
    {
        Dice.Throw(300, dice =>
        {
            var current = dice.Configuration();
            var error = ConfigurationPlanner.TryPlan(current, [RandomChange(dice)], new LogIndex(50), false, out var next);
            if (error != ConfigurationError.None) return;
            var (old, joint, left) = (Quorum(current), Quorum(next), Quorum(next.IsJoint ? ConfigurationPlanner.Leave(next) : next));
            for (var round = 0; round < 200; round++)
            {
                SlotMask one = new(dice.Large() & 0xFFF), other = new(dice.Large() & 0xFFF);
                if (old.IsReachedBy(one) && joint.IsReachedBy(other)) Assert.False((one & other).IsEmpty);
                if (joint.IsReachedBy(one) && left.IsReachedBy(other)) Assert.False((one & other).IsEmpty);
            }
        });
    }

    /// <summary>With the ids themselves as slots.</summary>
    private static JointQuorum Quorum(Configuration configuration)
    {
        SlotMask incoming = default, outgoing = default;
        foreach (var id in Voters(configuration)) incoming = incoming.With((int)id);
        foreach (var id in configuration.OutgoingVoters) outgoing = outgoing.With((int)id.Value);
        return new JointQuorum(incoming, outgoing);
    }

    [Fact]
    public void The_history_knows_what_ruled_at_every_index_and_takes_back_what_is_cut()
    {
        Dice.Throw(200, dice =>
        {
            var history = new ConfigurationHistory();
            var model = new List<(ulong Index, Configuration Configuration)> { (0, dice.Configuration()) };
            history.Reset(LogIndex.Zero, model[0].Configuration);
            for (var step = 0; step < 40; step++)
            {
                switch (dice.Below(4))
                {
                    case 0:
                        var from = model[0].Index + 1 + (ulong)dice.Below(10);
                        var removed = model.RemoveAll(c => c.Index >= from);
                        Assert.Equal(removed > 0, history.TruncateFrom(new LogIndex(from)));
                        break;
                    case 1:
                        var boundary = model[0].Index + (ulong)dice.Below(6);
                        history.CompactTo(new LogIndex(boundary));
                        while (model.Count > 1 && model[1].Index <= boundary) model.RemoveAt(0);
                        break;
                    default:
                        model.Add((model[^1].Index + (ulong)dice.Between(1, 4), dice.Configuration()));
                        history.Append(new LogIndex(model[^1].Index), model[^1].Configuration);
                        break;
                }
                Assert.Equal(model[^1].Index, history.LatestIndex.Value);
                for (var index = model[0].Index; index < model[^1].Index + 3; index++)
                    Assert.Same(model.FindLast(c => c.Index <= index).Configuration, history.At(new LogIndex(index)));
            }
        });
    }

    [Fact]
    public void A_member_keeps_its_seat_for_as_long_as_it_belongs_and_gets_a_fresh_one_when_it_joins_anew()
    {
        Dice.Throw(200, dice =>
        {
            var roster = new Roster();
            var seats = new SortedDictionary<(ulong Id, ulong AddedAt), int>();
            for (var step = 0; step < 20; step++)
            {
                var configuration = dice.Configuration();
                var fresh = roster.Adopt(configuration);
                var next = new SortedDictionary<(ulong, ulong), int>();
                foreach (var member in configuration.Members)
                {
                    var slot = roster.SlotOf(member.Id);
                    var key = (member.Id.Value, member.AddedAt.Value);
                    Assert.True(roster.All.Contains(slot));
                    Assert.Equal(member.Id, roster.IdOf(slot));
                    Assert.Equal(!seats.ContainsKey(key), fresh.Contains(slot));
                    if (seats.TryGetValue(key, out var before)) Assert.Equal(before, slot);
                    Assert.Equal(member.Role == MemberRole.Voter, roster.IsVoter(member.Id));
                    next[key] = slot;
                }
                Assert.Equal(next.Count, roster.All.Count);
                Assert.Equal(next.Count, next.Values.Distinct().Count());
                Assert.Equal(-1, roster.SlotOf(new MemberId(99)));
                seats = next;
            }
        });
    }
}

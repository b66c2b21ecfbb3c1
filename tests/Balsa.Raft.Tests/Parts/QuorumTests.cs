using System.Numerics;
using Balsa.Raft.Quorum;

namespace Balsa.Raft.Tests.Parts;

/// <summary>Every small case of the arithmetic of majorities, against counting on fingers.</summary>
public sealed class QuorumTests
{
    private static int Count(ulong bits) => BitOperations.PopCount(bits);

    private static bool Majority(ulong voters, ulong yes) => 2 * Count(voters & yes) > Count(voters);

    private static bool Agreed(ulong incoming, ulong outgoing, ulong yes) =>
        Majority(incoming, yes) && (outgoing == 0 || Majority(outgoing, yes));

    [Fact]
    public void A_majority_of_up_to_seven_voters_is_more_than_half_of_them_whoever_else_agrees()
    {
        for (var voters = 1UL; voters < 128; voters++)
        {
            for (var yes = 0UL; yes < 256; yes++)
            {
                Assert.Equal(Majority(voters, yes), MajorityQuorum.IsReachedBy(new(voters), new(yes)));
                Assert.Equal(!Majority(voters, ~yes), MajorityQuorum.IsLostBy(new(voters), new(yes)));
            }
        }
    }

    [Theory, InlineData(1, 1), InlineData(2, 2), InlineData(3, 2), InlineData(4, 3), InlineData(5, 3), InlineData(6, 4)]
    [InlineData(7, 4), InlineData(8, 5), InlineData(9, 5)]
    [Row("S2-20", "M1-15", "M4-07")]
    public void Half_of_the_voters_and_one_more_are_a_majority_and_one_fewer_is_none(int voters, int majority)
    {
        var all = (1UL << voters) - 1;
        Assert.True(MajorityQuorum.IsReachedBy(new(all), new((1UL << majority) - 1)));
        Assert.False(MajorityQuorum.IsReachedBy(new(all), new((1UL << (majority - 1)) - 1)));
    }

    [Fact]
    public void A_joint_quorum_needs_both_halves_and_is_lost_with_either()
    {
        for (var incoming = 1UL; incoming < 32; incoming++)
        {
            for (var outgoing = 0UL; outgoing < 32; outgoing++)
            {
                var quorum = new JointQuorum(new(incoming), new(outgoing));
                Assert.Equal(outgoing != 0, quorum.IsJoint);
                for (var yes = 0UL; yes < 32; yes++)
                {
                    Assert.Equal(Agreed(incoming, outgoing, yes), quorum.IsReachedBy(new(yes)));
                    Assert.Equal(!Agreed(incoming, outgoing, ~yes), quorum.IsLostBy(new(yes)));
                }
            }
        }
    }

    [Fact]
    public void Two_quorums_of_the_same_configuration_always_share_a_voter()
    {
        for (var incoming = 1UL; incoming < 32; incoming++)
        {
            var quorum = new JointQuorum(new(incoming), new(incoming >> 1));
            for (var one = 0UL; one < 32; one++)
            {
                for (var other = 0UL; other < 32; other++)
                {
                    if (quorum.IsReachedBy(new(one)) && quorum.IsReachedBy(new(other)))
                        Assert.NotEqual(0UL, one & other & quorum.Voters.Bits);
                }
            }
        }
    }

    [Fact]
    public void The_highest_value_reached_is_the_largest_one_that_a_quorum_has()
    {
        Span<ulong> values = stackalloc ulong[SlotMask.SlotsMax];
        for (var incoming = 1UL; incoming < 16; incoming++)
        {
            for (var outgoing = 0UL; outgoing < 16; outgoing++)
            {
                var quorum = new JointQuorum(new(incoming), new(outgoing));
                for (var digits = 0; digits < 256; digits++)
                {
                    for (var slot = 0; slot < 4; slot++) values[slot] = (ulong)(digits >> (2 * slot)) & 3;
                    Assert.Equal(NaiveHighest(incoming, outgoing, values), quorum.HighestReached(values));
                }
            }
        }
    }

    private static ulong NaiveHighest(ulong incoming, ulong outgoing, ReadOnlySpan<ulong> values)
    {
        for (var candidate = 3UL; candidate > 0; candidate--)
        {
            var has = 0UL;
            for (var slot = 0; slot < 4; slot++)
                if (values[slot] >= candidate) has |= 1UL << slot;
            if (Agreed(incoming, outgoing, has)) return candidate;
        }
        return 0;
    }

    [Fact]
    public void A_mask_lists_its_slots_in_order_and_holds_all_64()
    {
        Dice.Throw(200, dice =>
        {
            var expected = new SortedSet<int>();
            var mask = SlotMask.Empty;
            for (var i = 0; i < 100; i++)
            {
                var slot = dice.Below(64);
                if (dice.OneIn(3))
                {
                    expected.Remove(slot);
                    mask = mask.Without(slot);
                }
                else
                {
                    expected.Add(slot);
                    mask = mask.With(slot);
                }
            }
            var listed = new List<int>();
            foreach (var slot in mask) listed.Add(slot);
            Assert.Equal(expected.ToArray(), listed.ToArray());
            Assert.Equal(expected.Count, mask.Count);
        });
    }
}

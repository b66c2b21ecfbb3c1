using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Raft.Tests.Parts;

/// <summary>Chance with a seed, so that a failure can be played again; every property test throws these.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    internal int Seed { get; } = seed;

    /// <summary>From 0 to limit - 1.</summary>
    internal int Below(int limit) => _random.Next(limit);

    internal int Between(int first, int last) => _random.Next(first, last + 1);

    internal ulong Large() => (ulong)_random.NextInt64();

    internal bool OneIn(int count) => _random.Next(count) == 0;

    internal byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    internal T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    internal Configuration Configuration()
    {
        var members = new List<Member>();
        for (ulong id = 1; id <= 9; id++)
        {
            if (members.Count > 0 && OneIn(2)) continue;
            var role = members.Count == 0 || OneIn(2) ? MemberRole.Voter : Pick(MemberRole.Learner, MemberRole.PromotingLearner);
            members.Add(new Member
            {
                Id = new MemberId(id), Role = role, AddedAt = new LogIndex((ulong)Below(20)), Name = Pick("", "a", "größer", "名前"),
                Incarnation = new Incarnation(role != MemberRole.Voter && OneIn(2) ? 0 : Large() | 1),
                PeerUrls = Pick("", "http://a:1,http://b:2"),
            });
        }
        return Membership.Configuration.Found(members, new ClusterSettings(OneIn(2), OneIn(2)), (uint)Between(1, 5));
    }

    /// <summary>The same property with a few hundred different seeds.</summary>
    internal static void Throw(int seeds, Action<Dice> property)
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            try
            {
                property(new Dice(seed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"The property failed with seed {seed}: {failure.Message}", failure);
            }
        }
    }
}

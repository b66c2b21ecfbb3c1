using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;

namespace Balsa.Storage.Tests.Wal;

/// <summary>What is believed after damage, told as stories; every single byte is turned over elsewhere.</summary>
public sealed class DamageTests
{
    private static string Segment(ulong sequence) => $"{LogWorld.Path}/wal/{sequence:x16}.wal";

    [Fact]
    public void A_damaged_entry_opens_in_recovering_mode_and_the_rest_comes_from_others()
    {
        var world = new LogWorld().Open().Write(LogWorld.Vote(4, 2)).Append(1, 9, term: 4).FallIdle();
        world.Disk[Segment(1)][2200] ^= 4;
        world.Reopen();
        Assert.Equal(RecoveryMode.Repairing, world.Log.Mode);
        Assert.Equal(new HardState(new Term(4), new MemberId(2)), world.Log.HardState);
        Assert.Equal(new LogIndex(9), world.Log.Lost!.LastKnown);
        var first = world.Log.Lost.First.Value;
        Assert.Equal(first - 1, world.Log.Last.Index.Value);
        world.Append(first, 12, term: 4).Reopen();
        Assert.Equal(RecoveryMode.Repairing, world.Log.Mode);
        world.Write(batch => batch.NoteRecovered(default)).Reopen();
        Assert.Equal(RecoveryMode.Intact, world.Log.Mode);
        Assert.Null(world.Log.Damage);
        Assert.Equal(12, world.Read(1, 12).Count);
    }

    [Fact]
    public void A_vote_found_behind_the_damage_is_kept_from_then_on()
    {
        var world = new LogWorld().Open().Append(1, 120, bytes: 100).Write(LogWorld.Vote(9, 3)).FallIdle();
        world.Disk[Segment(1)][2000] ^= 1;
        for (var start = 0; start < 3; start++)
        {
            world.Reopen();
            Assert.Equal(new HardState(new Term(9), new MemberId(3)), world.Log.HardState);
            Assert.Equal(RecoveryMode.Repairing, world.Log.Mode);
        }
    }

    [Fact]
    public void A_vote_that_cannot_be_read_is_not_guessed()
    {
        // No close mark tells it again, and the entry behind it proves that it was there.
        var world = new LogWorld().Open().Write(LogWorld.Vote(2, 1));
        var voted = LastRecordAt(world);
        world.Append(1, 1, term: 2).Append(2, 2, term: 2);
        world.Disk[Segment(1)][voted] ^= 1;
        world.Reopen();
        Assert.Equal(RecoveryMode.NeverCounts, world.Log.Mode);
        Assert.Equal(RecoveryMode.NeverCounts, world.Reopen().Log.Mode);
    }

    [Fact]
    public void A_member_without_others_refuses_until_the_loss_is_accepted()
    {
        var world = new LogWorld { Founding = Configuration.OfVoters(1) }.Open().Append(1, 9).FallIdle();
        world.Disk[Segment(1)][2200] ^= 4;
        var problem = Assert.Throws<StorageException>(() => world.Reopen());
        Assert.Contains("--accept-loss", problem.Message, StringComparison.Ordinal);
        Assert.Equal(RecoveryMode.Intact, world.Reopen(acceptLoss: true).Log.Mode);
        Assert.Null(world.Reopen().Log.Damage);
    }

    [Fact]
    public void A_member_with_others_cannot_accept_a_loss()
    {
        var world = new LogWorld().Open().Append(1, 9).FallIdle();
        world.Disk[Segment(1)][2200] ^= 4;
        var problem = Assert.Throws<StorageException>(() => world.Reopen(acceptLoss: true));
        Assert.Contains("Start this member", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Where the newest record of the first segment lies: behind it there is nothing but zeros.</summary>
    private static int LastRecordAt(LogWorld world)
    {
        var bytes = world.Disk[Segment(1)].AsSpan();
        var last = bytes.LastIndexOfAnyExcept((byte)0);
        for (var at = last & ~7; at > 1536; at -= 8)
            if (bytes[at] != 0 && bytes[at + 16] is >= 1 and <= 8
                && !bytes.Slice(at + 18, 2).ContainsAnyExcept((byte)0) && bytes[at + 47] == 0)
                return at;
        throw new InvalidOperationException("there is no record");
    }
}

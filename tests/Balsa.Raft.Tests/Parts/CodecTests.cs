using System.Text;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Raft.Tests.Parts;

/// <summary>Bytes: what is written is read back, and what was not written is refused without a throw.</summary>
public sealed class CodecTests
{
    private static byte[] Write(Configuration configuration)
    {
        var bytes = new byte[ConfigurationCodec.Length(configuration)];
        ConfigurationCodec.Write(configuration, bytes);
        return bytes;
    }

    private static Configuration AnyConfiguration(Dice dice)
    {
        var configuration = dice.Configuration();
        var change = ConfigurationChange.Of(dice.Pick(ChangeKind.Remove, ChangeKind.Demote), configuration.Members[^1].Id);
        ConfigurationPlanner.TryPlan(configuration, [change], new LogIndex(9), false, out var next);
        return dice.OneIn(2) && next.IsJoint ? ConfigurationPlanner.Leave(next) : next;
    }

    [Fact]
    public void A_configuration_is_read_back_as_it_was_written()
    {
        Dice.Throw(500, dice =>
        {
            var written = AnyConfiguration(dice);
            Assert.True(ConfigurationCodec.TryRead(Write(written), out var read));
            Assert.Equal(written.Members.ToArray(), read.Members.ToArray());
            Assert.Equal(written.OutgoingVoters.ToArray(), read.OutgoingVoters.ToArray());
            Assert.Equal(written.Removed.ToArray(), read.Removed.ToArray());
            Assert.Equal((written.Settings, written.FeatureLevel), (read.Settings, read.FeatureLevel));
            Assert.Equal(Write(written), Write(read));
        });
    }

    [Fact]
    public void Random_and_damaged_bytes_are_refused_or_make_a_possible_configuration_and_never_throw()
    {
        Dice.Throw(3000, dice =>
        {
            var bytes = dice.OneIn(3) ? dice.Bytes(dice.Below(200)) : Write(AnyConfiguration(dice));
            for (var i = dice.Below(4); i > 0 && bytes.Length > 0; i--) bytes[dice.Below(bytes.Length)] = (byte)dice.Below(256);
            if (dice.OneIn(3)) bytes = bytes[..dice.Below(bytes.Length + 1)];
            if (!ConfigurationCodec.TryRead(bytes, out var read)) Assert.Same(Configuration.Empty, read);
            else Assert.Equal(ConfigurationError.None, ConfigurationRules.Check(read));
        });
    }

    [Fact]
    public void A_configuration_cut_short_or_with_bytes_behind_it_is_refused()
    {
        var bytes = Write(new Dice(7).Configuration());
        for (var length = 0; length < bytes.Length; length++) Assert.False(ConfigurationCodec.TryRead(bytes.AsSpan(0, length), out _));
        Assert.False(ConfigurationCodec.TryRead([.. bytes, 0], out _));
    }

    /// <summary>What Write would not have written: text that is no UTF-8 has no other spelling.</summary>
    [Fact]
    public void Whatever_is_accepted_is_written_again_with_the_same_bytes()
    {
        Dice.Throw(3000, dice =>
        {
            var bytes = Write(AnyConfiguration(dice));
            bytes[dice.Below(bytes.Length)] ^= (byte)(1 << dice.Below(8));
            if (ConfigurationCodec.TryRead(bytes, out var read)) Assert.Equal(bytes, Write(read));
        });
    }

    [Fact]
    public void An_envelope_is_read_back_as_it_was_written_with_the_command_behind_it()
    {
        Dice.Throw(500, dice =>
        {
            var envelope = new EntryEnvelope
            {
                CommandKind = (byte)dice.Below(256), CommandVersion = (ushort)dice.Below(65536), LogTime = (long)dice.Large(),
                Session = dice.Large(),
                Request = dice.Large(), Origin = new MemberId(dice.Large()), OriginBoot = new Boot(dice.Large()), User = dice.Large(),
                AuthRevision = dice.Large(),
            };
            var command = dice.Bytes(dice.Below(50));
            var entry = new byte[EntryEnvelope.Bytes + command.Length];
            envelope.Write(entry);
            command.CopyTo(entry, EntryEnvelope.Bytes);
            Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry, out var read, out var rest));
            Assert.Equal(envelope, read);
            Assert.Equal(command, rest.ToArray());
            Assert.Equal(EnvelopeError.TooShort, EntryEnvelope.TryRead(entry.AsSpan(0, dice.Below(EntryEnvelope.Bytes)), out _, out _));
            entry[dice.Pick(0, 4, 5, 6, 7)] ^= (byte)dice.Between(1, 255);
            Assert.Equal(EnvelopeError.UnknownVersion, EntryEnvelope.TryRead(entry, out _, out _));
        });
    }

    [Fact]
    public void The_checksum_is_castagnolis_in_any_number_of_pieces()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Dice.Throw(300, dice =>
        {
            var bytes = dice.Bytes(dice.Below(100));
            var cut = dice.Below(bytes.Length + 1);
            Assert.Equal(BitByBit(bytes), Crc32C.Of(bytes));
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Continue(Crc32C.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        });
    }

    private static uint BitByBit(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var single in bytes)
        {
            crc ^= single;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }
}

using System.Text;
using Balsa.KeyValue.Hashing;

namespace Balsa.KeyValue.Tests.Hashing;

public sealed class MixerTests
{
    [Fact]
    public void A_hash_is_the_same_in_every_build_because_members_of_different_builds_compare_it()
    {
        Assert.Equal(0xf7b20fed39c3f3faUL, Mixer.Mix(1, 2));
        Assert.Equal(0x5692161d100b05e5UL, Mixer.Finish(1));
        Assert.Equal(0x4662d8282572d282UL, Mixer.Bytes("a value longer than eight bytes"u8));
    }

    [Fact]
    public void The_order_of_two_numbers_counts()
    {
        var seen = new HashSet<ulong>();
        for (var a = 0UL; a < 200; a++)
        {
            for (var b = 0UL; b < 200; b++) Assert.True(seen.Add(Mixer.Mix(a, b)));
        }
    }

    [Fact]
    public void Every_byte_and_the_length_of_a_text_count()
    {
        var seen = new HashSet<ulong> { Mixer.Bytes([]) };
        for (var length = 1; length < 40; length++)
        {
            var bytes = new byte[length];
            Assert.True(seen.Add(Mixer.Bytes(bytes)));
            for (var i = 0; i < length; i++)
            {
                bytes[i] = 1;
                Assert.True(seen.Add(Mixer.Bytes(bytes)));
                bytes[i] = 0;
            }
        }

        Assert.NotEqual(Mixer.Bytes(Encoding.UTF8.GetBytes("ab")), Mixer.Bytes(Encoding.UTF8.GetBytes("ba")));
    }
}

using Balsa.KeyValue.Hashing;

namespace Balsa.KeyValue.Tests.Hashing;

public sealed class Hash64Tests
{
    [Fact]
    public void A_hash_is_the_same_in_every_build_because_members_of_different_builds_compare_it()
    {
        Assert.Equal(0xb60ca3a468902d49UL, Hash64.Join(1, 2));
        Assert.Equal(0xcaf8364b9ce6aef6UL, Hash64.Of([]));
        Assert.Equal(0x420544cc9d877800UL, Hash64.Of("a value that is longer than thirty-two bytes"u8, seed: 7));
    }

    [Fact]
    public void The_order_of_two_numbers_counts()
    {
        var seen = new HashSet<ulong>();
        for (var a = 0UL; a < 200; a++)
        {
            for (var b = 0UL; b < 200; b++) Assert.True(seen.Add(Hash64.Join(a, b)));
        }
    }

    [Fact]
    public void Every_byte_and_the_length_of_a_text_count()
    {
        var seen = new HashSet<ulong> { Hash64.Of([]) };
        for (var length = 1; length < 80; length++)
        {
            var bytes = new byte[length];
            Assert.True(seen.Add(Hash64.Of(bytes)));
            for (var i = 0; i < length; i++)
            {
                bytes[i] = 1;
                Assert.True(seen.Add(Hash64.Of(bytes)));
                bytes[i] = 0;
            }
        }

        Assert.NotEqual(Hash64.Of("ab"u8), Hash64.Of("ba"u8));
    }

    [Fact]
    public void The_words_of_a_text_are_not_interchangeable()
    {
        var bytes = new byte[64];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)i;
        var seen = new HashSet<ulong> { Hash64.Of(bytes) };
        for (var one = 0; one < 64; one += 8)
        {
            for (var other = one + 8; other < 64; other += 8)
            {
                var swapped = bytes.ToArray();
                bytes.AsSpan(one, 8).CopyTo(swapped.AsSpan(other));
                bytes.AsSpan(other, 8).CopyTo(swapped.AsSpan(one));
                Assert.True(seen.Add(Hash64.Of(swapped)));
            }
        }
    }
}

using System.Numerics;

namespace Balsa.Bench.Store;

/// <summary>All numbers below a limit, once each, in an order that looks like chance and needs no memory.</summary>
public sealed class Permutation(long limit)
{
    private readonly int _halfBits = Math.Max(1, (65 - BitOperations.LeadingZeroCount((ulong)Math.Max(1, limit - 1))) / 2);

    public long At(long position)
    {
        // A cipher of four rounds on a power of four at or above the limit; what falls outside is enciphered again.
        do position = Encipher(position);
        while (position >= limit);
        return position;
    }

    private long Encipher(long number)
    {
        var mask = (1L << _halfBits) - 1;
        var (left, right) = (number >> _halfBits, number & mask);
        for (var round = 1UL; round <= 4; round++)
        {
            var mixed = ((ulong)right + round) * 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
            (left, right) = (right, left ^ ((long)(mixed >> 32) & mask));
        }

        return (left << _halfBits) | right;
    }
}

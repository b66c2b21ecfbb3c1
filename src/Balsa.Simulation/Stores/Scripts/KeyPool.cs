using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Stores.Scripts;

/// <summary>
/// The keys of a round: few, so that they meet, and awkward, so that whatever compares, shortens or splits them is tried.
/// </summary>
internal sealed class KeyPool
{
    private const int LongestKey = 600;

    private readonly List<byte[]> _keys = [];
    private long _fresh;

    internal KeyPool(Dice dice)
    {
        switch (dice.Below(8))
        {
            case 0: AddRandom(dice, dice.Between(1, 3), 3); break;
            case 1 or 2: AddColliding(dice, dice.Between(10, 40)); break;
            case 3: AddLong(dice, dice.Between(5, 25)); break;
            case 4: AddBytes(dice.Between(20, 200)); break;
            default:
                AddColliding(dice, 15);
                AddLong(dice, 5);
                AddRandom(dice, 10, 12);
                break;
        }
    }

    internal byte[] Draw(Dice dice) => _keys[dice.Below(_keys.Count)];

    /// <summary>A key that was not there, in an order of its own: forwards, backwards or scattered.</summary>
    internal byte[] Fresh(Dice dice, int order)
    {
        var number = order switch
        {
            0 => (ulong)_fresh,
            1 => ulong.MaxValue - (ulong)_fresh,
            _ => Mixing.Finish((ulong)_fresh),
        };
        _fresh++;
        var key = System.Text.Encoding.ASCII.GetBytes($"n{number:x16}");
        if (dice.Chance(20)) _keys.Add(key);
        return key;
    }

    /// <summary>The first key behind all that begin with this one; all keys from it on when there is none.</summary>
    internal static byte[] EndOfPrefix(byte[] prefix)
    {
        var length = prefix.Length;
        while (length > 0 && prefix[length - 1] == 0xff) length--;
        if (length == 0) return [0];
        var end = prefix[..length];
        end[^1]++;
        return end;
    }

    private void AddColliding(Dice dice, int count)
    {
        ReadOnlySpan<byte> letters = [0x00, 0x01, (byte)'a', (byte)'b', 0x7f, 0x80, 0xfe, 0xff];
        for (var i = 0; i < count; i++)
        {
            var key = new byte[dice.Between(1, 4)];
            foreach (ref var letter in key.AsSpan()) letter = letters[dice.Below(letters.Length)];
            _keys.Add(key);
        }
    }

    private void AddLong(Dice dice, int count)
    {
        var shared = new byte[LongestKey];
        foreach (ref var letter in shared.AsSpan()) letter = (byte)('a' + dice.Below(3));
        for (var i = 0; i < count; i++)
        {
            var key = shared[..dice.Between(1, LongestKey)];
            if (dice.Chance(600)) key[^1] = (byte)dice.Below(256);
            _keys.Add(key);
        }
    }

    private void AddRandom(Dice dice, int count, int lengthMax)
    {
        for (var i = 0; i < count; i++)
        {
            var key = new byte[dice.Between(1, lengthMax)];
            foreach (ref var letter in key.AsSpan()) letter = (byte)dice.Below(256);
            _keys.Add(key);
        }
    }

    private void AddBytes(int count)
    {
        for (var i = 0; i < count; i++) _keys.Add([(byte)'k', (byte)i]);
    }
}

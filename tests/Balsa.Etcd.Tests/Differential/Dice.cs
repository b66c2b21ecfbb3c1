namespace Balsa.Etcd.Tests.Differential;

/// <summary>
/// Every choice of a run, from one seed; also the keys and values. Keys are of a few, so that steps meet each other, and for
/// some time of many, so that a store grows and shrinks.
/// </summary>
internal sealed class Dice(int seed)
{
    private static readonly byte[][] Keys =
    [
        [.. "a"u8], [.. "a"u8, 0], [.. "aa"u8], [.. "ab"u8], [.. "b"u8], [.. "b"u8, 0xff], [.. "c"u8], [.. "d"u8], [.. "e"u8], [0x01],
        [0xff], [0xff, 0xff], [.. "k/1"u8], [.. "k/10"u8], [.. "k/2"u8], [.. Enumerable.Repeat((byte)'l', 300)],
    ];

    private static readonly byte[][] Values =
    [
        [], [.. "0"u8], [.. "1"u8], [.. "2"u8], [.. "10"u8], [0], [0xff], [.. Enumerable.Repeat((byte)'v', 200)],
        [.. Enumerable.Range(0, 5000).Select(i => (byte)i)],
    ];

    private readonly Random _random = new(seed);

    private static ReadOnlySpan<byte> ManyPrefix => "m/"u8;

    public bool Percent(int chance) => _random.Next(100) < chance;

    public int Below(int limit) => _random.Next(limit);

    /// <summary>Both included.</summary>
    public long Between(long low, long high) => _random.NextInt64(low, high + 1);

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>Picks by weight.</summary>
    public T Pick<T>(params ReadOnlySpan<(int Weight, T Choice)> from)
    {
        var total = 0;
        foreach (var (weight, _) in from) total += weight;
        var at = _random.Next(total);
        foreach (var (weight, choice) in from)
        {
            at -= weight;
            if (at < 0) return choice;
        }

        throw new ArgumentException("there is nothing to pick", nameof(from));
    }

    /// <summary>Whether many keys are made and few deleted.</summary>
    public bool IsGrowing { get; set; }

    public byte[] Key() => Percent(IsGrowing ? 30 : 95) ? Pick(Keys) : [.. ManyPrefix, (byte)Below(2), (byte)Below(256)];

    /// <summary>Keys in a random order, each once.</summary>
    public Queue<byte[]> Deck()
    {
        var deck = Keys.ToArray();
        _random.Shuffle(deck);
        return new Queue<byte[]>(deck);
    }

    /// <summary>A short one for a key that is one of many: each range of all would carry it.</summary>
    public byte[] Value(byte[] key) =>
        Percent(90) && !key.AsSpan().StartsWith(ManyPrefix) ? Value() : [.. "r"u8, (byte)Below(256), (byte)Below(256)];

    public byte[] Value() => Pick(Values);

    /// <summary>Nothing, the end of a range, the end of a prefix, everything above; also ends that leave nothing between.</summary>
    public byte[] End(byte[] key, int percentOfRanges) => !Percent(percentOfRanges) ? []
        : Pick<Func<byte[]>>(
            (50, Key), (15, () => [0]), (15, () => AfterPrefix(key)), (10, () => [.. key, 0]), (5, () => key), (5, () => [0, 0]))();

    private static byte[] AfterPrefix(byte[] key)
    {
        var last = Array.FindLastIndex(key, one => one != 0xff);
        if (last < 0) return [0];
        var end = key[..(last + 1)];
        end[last]++;
        return end;
    }
}

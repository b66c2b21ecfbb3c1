using System.Numerics;

namespace Balsa.KeyValue.Memory;

/// <summary>The sizes that slots come in: sixteen between each power of two and the next, so that little is wasted.</summary>
internal static class SlotSizes
{
    /// <summary>64 KiB. What is larger gets an array of its own.</summary>
    internal const int WordsMax = 1 << 13;

    private const int StepsBits = 4, Linear = 1 << (StepsBits + 1);

    internal static int Count { get; } = IndexOf(WordsMax) + 1;

    internal static int IndexOf(int words)
    {
        if (words <= Linear) return words;
        var shift = BitOperations.Log2((uint)(words - 1)) - StepsBits;
        var steps = (words - 1 >> shift) + 1;
        return Linear + (shift - 1 << StepsBits) + (steps - (1 << StepsBits));
    }

    internal static int WordsOf(int index)
    {
        if (index <= Linear) return Math.Max(index, 1);
        var shift = (index - Linear - 1 >> StepsBits) + 1;
        var steps = index - Linear - (shift - 1 << StepsBits) + (1 << StepsBits);
        return steps << shift;
    }
}

namespace Balsa.KeyValue.Memory;

/// <summary>The one place where a word changes that readers on other threads look at meanwhile.</summary>
internal static class Published
{
    /// <summary>Whoever sees the word sees all that was written before it, also on processors that reorder writes.</summary>
#pragma warning disable RS0030 // No synchronisation: an order of two writes, which no result of this thread depends on.
    internal static void Write(ref ulong word, ulong value) => System.Threading.Volatile.Write(ref word, value);
#pragma warning restore RS0030
}

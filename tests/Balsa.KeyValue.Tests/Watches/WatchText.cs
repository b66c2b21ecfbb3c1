using System.Text;
using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Tests.Watches;

internal static class WatchText
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}

internal readonly struct PlantedMistake(StoreMutant planted) : IStoreProbe
{
    public bool Plants(StoreMutant mutant) => mutant == planted;
}

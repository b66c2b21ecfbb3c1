using System.Text;

namespace Balsa.Simulation.Stores.Requests;

/// <summary>Bytes for people: letters as they are, everything else in hexadecimal, long ones shortened.</summary>
internal static class Words
{
    private const int Shown = 24;

    internal static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("'");
        foreach (var value in bytes[..Math.Min(Shown, bytes.Length)])
        {
            if (value is > 0x20 and < 0x7f) text.Append((char)value);
            else text.Append($"\\{value:x2}");
        }

        text.Append('\'');
        if (bytes.Length > Shown) text.Append($"...{bytes.Length} bytes, ends {Convert.ToHexString(bytes[^4..])}");
        return text.ToString();
    }

    internal static string Range(byte[] key, byte[] end) => end switch
    {
        [] => Bytes(key),
        [0] => $"[{Bytes(key)}, )",
        _ => $"[{Bytes(key)}, {Bytes(end)})",
    };
}

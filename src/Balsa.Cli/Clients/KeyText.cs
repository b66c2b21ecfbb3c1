using System.Text;
using System.Text.Json;

namespace Balsa.Cli.Clients;

/// <summary>Keys and values are bytes; they are shown as text when they are valid UTF-8.</summary>
internal static class KeyText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string? TryText(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public static string Show(byte[] bytes) => TryText(bytes) ?? $"<binary, {bytes.Length} bytes; use --json>";

    public static void Write(Utf8JsonWriter writer, string name, byte[] bytes)
    {
        if (TryText(bytes) is { } text) writer.WriteString(name, text);
        else writer.WriteBase64String(name + "_b64", bytes);
    }
}

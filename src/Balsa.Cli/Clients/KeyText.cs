using System.Text;
using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>Keys and values are bytes; they are shown as text when they are valid UTF-8.</summary>
internal static class KeyText
{
    private const int ShortMax = 40;
    private const string Unquoted = "/_-.,:=@%+";
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

    /// <summary>As it is, for a reader or a pipe that wants nothing else.</summary>
    public static string Show(byte[] bytes) => TryText(bytes) ?? $"<binary, {bytes.Length} bytes; use --json>";

    /// <summary>On one line, and without anything that would move the cursor of a terminal.</summary>
    public static string OneLine(byte[] bytes)
    {
        var text = Show(bytes);
        return text.Any(char.IsControl) ? string.Concat(text.Select(Visible)) : text;
    }

    /// <summary>What is there, for an error message.</summary>
    public static string Describe(ClientValue found)
    {
        var value = found.Value ?? [];
        var text = OneLine(value);
        if (text.Length > ShortMax) text = text[..ShortMax] + "...";
        return TryText(value) is null ? $"revision {found.Revision}, {value.Length} bytes" : $"revision {found.Revision}, value \"{text}\"";
    }

    /// <summary>A word as a shell takes it.</summary>
    public static string Quote(string word)
    {
        static bool IsPlain(char letter) => char.IsLetterOrDigit(letter) || Unquoted.Contains(letter, StringComparison.Ordinal);
        return word.Length > 0 && word.All(IsPlain) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    public static void Write(Utf8JsonWriter writer, string name, byte[] bytes)
    {
        if (TryText(bytes) is { } text) writer.WriteString(name, text);
        else writer.WriteBase64String(name + "_b64", bytes);
    }

    /// <summary>The members of the object that stands for one key.</summary>
    public static void Write(Utf8JsonWriter writer, ClientValue found)
    {
        Write(writer, "key", found.Key);
        if (found.Value is { } value) Write(writer, "value", value);
        else writer.WriteNumber("bytes", found.ValueBytes);
        writer.WriteNumber("revision", found.Revision);
        writer.WriteNumber("created", found.Created);
        writer.WriteNumber("version", found.Version);
    }

    private static string Visible(char letter) => letter switch
    {
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        _ when char.IsControl(letter) => $"\\x{(int)letter:x2}",
        _ => letter.ToString(),
    };
}

using System.CommandLine;
using System.Text;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>The value that a word stands for: itself, what comes from standard input, or a file.</summary>
internal static class ValueSource
{
    /// <summary>Far more than a member takes; larger values are not even read.</summary>
    private const int BytesMax = JsonFrames.RequestBytesMax / 2;

    public static Argument<string> Argument() => new("value")
    {
        Description = "What to store; - reads it from standard input, @FILE from a file.",
    };

    /// <summary>Null when it cannot be read, and then there is a problem.</summary>
    public static byte[]? Read(string word, string key, out Problem? problem)
    {
        problem = null;
        if (word != "-" && !word.StartsWith('@')) return Encoding.UTF8.GetBytes(word);
        try
        {
            using var source = word == "-" ? Console.OpenStandardInput() : File.OpenRead(word[1..]);
            if (ReadAll(source) is { } value) return value;
            problem = new Problem(
                "the value is too large; nothing was done.", $"{Name(word)} holds more than {BytesMax} bytes.", "balsa put --help")
            {
                Code = ClientError.TooLarge, Outcome = ClientOutcome.NotDone,
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = new Problem(
                $"{Name(word)} cannot be read; nothing was done.",
                $"{unreadable.Message} A value that begins with @ names a file.", $"printf %s {KeyText.Quote(word)} | balsa put {key} -")
            {
                Outcome = ClientOutcome.NotDone,
            };
        }

        return null;
    }

    private static string Name(string word) => word == "-" ? "standard input" : word.Length == 1 ? "a file without a name" : word[1..];

    private static byte[]? ReadAll(Stream source)
    {
        using var bytes = new MemoryStream();
        var part = new byte[64 << 10];
        while (source.Read(part) is var count and > 0)
        {
            bytes.Write(part, 0, count);
            if (bytes.Length > BytesMax) return null;
        }

        return bytes.ToArray();
    }
}

using System.Text;
using System.Text.Json;

namespace Balsa.Cli.CommandLine;

/// <summary>
/// Where a command prints. Results go to standard output, messages and errors to standard error. With <c>--json</c> the
/// lines for people are left out, so that the object on the last line is all that a program has to read.
/// </summary>
internal sealed class Output(TextWriter results, TextWriter messages, bool json)
{
    private static readonly JsonWriterOptions OneLine = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool IsJson => json;

    /// <summary>A line for people.</summary>
    public void Line(string text = "")
    {
        if (!json)
        {
            results.WriteLine(text);
        }
    }

    /// <summary>Progress or a warning: never part of the result.</summary>
    public void Message(string text) => messages.WriteLine(text);

    /// <summary>One JSON object on one line, only with <c>--json</c>.</summary>
    public void Object(Action<Utf8JsonWriter> writeMembers)
    {
        if (json)
        {
            results.WriteLine(JsonLine(writeMembers));
        }
    }

    /// <summary>One JSON object on one line, where that is what was asked for.</summary>
    public void Export(Action<Utf8JsonWriter> writeMembers) => results.WriteLine(JsonLine(writeMembers));

    /// <summary>Prints the error and returns the exit code, so that a command can end with <c>return output.Fail(...)</c>.</summary>
    public int Fail(Problem problem, int exitCode)
    {
        messages.WriteLine(problem.Code is null ? $"error: {problem.What}" : $"error {problem.Code}: {problem.What}");
        messages.WriteLine($"  why:  {problem.Why}");
        for (var i = 0; i < problem.Next.Length; i++)
        {
            messages.WriteLine((i == 0 ? "  next: " : "        ") + problem.Next[i]);
        }

        Object(writer =>
        {
            writer.WriteStartObject("error");
            if (problem.Code is not null)
            {
                writer.WriteString("code", problem.Code);
            }

            if (problem.Outcome is not null)
            {
                writer.WriteString("outcome", problem.Outcome);
            }

            writer.WriteString("message", problem.What);
            writer.WriteString("why", problem.Why);
            writer.WriteStartArray("next");
            foreach (var next in problem.Next)
            {
                writer.WriteStringValue(next);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return exitCode;
    }

    internal static string JsonLine(Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, OneLine))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

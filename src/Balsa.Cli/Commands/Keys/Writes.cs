using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>What put and replace have in common: the value, the answer, and what a failed condition says.</summary>
internal static class Writes
{
    public static int Put(ClientCall call, ParseResult parsed, string verb, ClientRequest request, string word)
    {
        var output = call.OutputOf(parsed);
        var key = KeyText.Quote(Encoding.UTF8.GetString(request.Key));
        if (ValueSource.Read(word, key, out var problem) is not { } value) return output.Fail(problem!, ExitCode.Usage);
        return call.Run(
            parsed, request with { Value = value }, (to, response) => Print(to, verb, request, response),
            response => Explain(key, KeyText.Quote(word), request, response));
    }

    private static int Print(Output output, string verb, ClientRequest request, ClientResponse response)
    {
        var before = response.Values is [var found] ? found : null;
        output.Line($"{verb} {KeyText.OneLine(request.Key)}  revision {response.Revision}  ({(response.Existed ? "changed" : "created")})");
        if (request.WithValues) output.Line($"  before: {(before is null ? "not there" : KeyText.Describe(before))}");
        output.Object(writer =>
        {
            writer.WriteString("outcome", response.Outcome);
            KeyText.Write(writer, "key", request.Key);
            writer.WriteNumber("revision", response.Revision);
            writer.WriteBoolean("created", !response.Existed);
            if (!request.WithValues) return;
            if (before is null)
            {
                writer.WriteNull("previous");
                return;
            }

            writer.WriteStartObject("previous");
            KeyText.Write(writer, before);
            writer.WriteEndObject();
        });
        return ExitCode.Done;
    }

    /// <summary>A condition did not hold: what is there instead, and how to write over exactly that.</summary>
    private static (Problem Problem, int ExitCode)? Explain(string key, string value, ClientRequest request, ClientResponse response)
    {
        var found = response.Values is [var first] ? first : null;
        var overwrite = $"balsa put {key} {value} --if-revision {found?.Revision}";
        return response.Code switch
        {
            ClientError.KeyExists when found is not null => (
                StoreProblem.Refusal(
                    ClientError.KeyExists, $"{key} already exists ({KeyText.Describe(found)}).", "Nothing was written.", overwrite,
                    $"balsa get {key}"),
                ExitCode.ConditionNotMet),
            ClientError.KeyChanged when found is not null => (
                StoreProblem.Refusal(
                    ClientError.KeyChanged, $"{key} is not as it was at revision {request.IfRevision} ({KeyText.Describe(found)}).",
                    "Nothing was written.", overwrite, $"balsa get {key}"),
                ExitCode.ConditionNotMet),
            ClientError.NoSuchKey when request.IfRevision is not null => (
                StoreProblem.NoSuchKey(key, response.Revision, $"balsa put {key} {value} --if-absent"), ExitCode.ConditionNotMet),
            ClientError.NoSuchKey => (
                StoreProblem.NoSuchKey(key, response.Revision, $"balsa put {key} {value} --if-absent"), ExitCode.NotFound),
            _ => null,
        };
    }
}

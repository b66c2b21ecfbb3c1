using System.Text.Json;

namespace Balsa.Adapters.Calling.Scripts;

/// <summary>What became of one step.</summary>
/// <param name="Problem">Why the step failed; null when it did not.</param>
public sealed record StepResult(ScriptStep Step, IReadOnlyList<ControllerReply> Replies, string? Problem);

/// <summary>Takes the steps of a script, one after the other, until one fails.</summary>
public sealed class ScriptRun(ControllerSession session)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal) { ["$leader"] = "", ["$old"] = "" };
    private IReadOnlyList<ControllerReply> _last = [];

    public async Task<StepResult> TakeAsync(ScriptStep step)
    {
        switch (step)
        {
            case PauseStep pause:
                await Task.Delay(pause.Time);
                return new StepResult(step, [], null);
            case LeaderStep leader: return await WaitForLeaderAsync(leader);
            case AskStep ask: return await AskAsync(ask);
            case ExpectStep expect:
                return new StepResult(step, [], expect.Expectations.Select(Check).FirstOrDefault(problem => problem is not null));
            default: throw new InvalidOperationException($"There is no such step: {step}.");
        }
    }

    private async Task<StepResult> WaitForLeaderAsync(LeaderStep step)
    {
        var before = _names["$leader"];
        var leader = await session.WaitForLeaderAsync(step.Longest, step.IsOther && before.Length > 0 ? before : null);
        if (leader is null) return new StepResult(step, [], $"no {(step.IsOther ? "other " : "")}leader within {step.Longest.TotalSeconds} s");
        (_names["$old"], _names["$leader"]) = (before, leader);
        return new StepResult(step, [], null);
    }

    private async Task<StepResult> AskAsync(AskStep step)
    {
        var target = Named(step.Target);
        if (await session.AskAsync(target, step.Request) is not { } replies)
            return new StepResult(step, [], $"there is no node {target}; there are {string.Join(' ', session.Nodes.Names)}");
        _last = replies;
        return new StepResult(step, replies, null);
    }

    private string? Check(Expectation expectation)
    {
        var wanted = Named(expectation.Value);
        if (expectation.Field == "answers") return Compare(expectation, $"{_last.Count}", wanted);
        if (_last.Count == 0) return $"{expectation.Field} was to be {wanted}, and nobody answered";
        if (expectation.Field == "entries") return Compare(expectation, $"{_last.Sum(reply => reply.Entries.Count)}", wanted);
        if (expectation.Field.StartsWith("entry:", StringComparison.Ordinal))
        {
            var key = CallerRequest.ToJson(expectation.Field["entry:".Length..]);
            var found = _last.SelectMany(reply => reply.Entries).LastOrDefault(entry => entry.Key.GetRawText() == key);
            return found is null ? $"there is no entry {key}" : Compare(expectation, TextOf(found.Value), wanted);
        }

        return _last.Select(reply => Compare(expectation, FieldOf(reply, expectation.Field), wanted)).FirstOrDefault(problem => problem is not null);
    }

    private static string FieldOf(ControllerReply reply, string field) => field switch
    {
        "request" => reply.Request,
        "sender" => reply.Sender,
        "leader" => reply.Leader ?? "null",
        "term" => $"{reply.Term}",
        "key" => TextOf(reply.Key),
        "value" => TextOf(reply.Value),
        "success" => reply.Success is { } success ? (success ? "true" : "false") : "null",
        "error" => reply.Error ?? "null",
        "index" => $"{reply.Index}",
        _ => reply.Value.ValueKind == JsonValueKind.Object && reply.Value.TryGetProperty(field, out var found) ? TextOf(found) : "null",
    };

    private static string? Compare(Expectation expectation, string found, string wanted)
    {
        var holds = expectation.Sign switch
        {
            "=" => found == wanted,
            "!=" => found != wanted,
            _ => double.TryParse(found, out var one) && double.TryParse(wanted, out var other) && one >= other,
        };
        return holds ? null : $"{expectation.Field} is {found}, and should be {expectation.Sign} {wanted}";
    }

    private string Named(string word) => _names.GetValueOrDefault(word, word);

    private static string TextOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
}

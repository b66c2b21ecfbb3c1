using System.Text;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using StoredKey = Balsa.KeyValue.Answers.KeyValue;

namespace Balsa.Etcd.Tests.Steps;

/// <summary>
/// Outcomes as text: two stores answered the same when their texts are equal. What a store is free to choose is brought
/// into one form here, and nowhere else: the order of keys with equal sort keys (<see cref="Ties"/>), and the order of alarms and leases.
/// </summary>
internal static class OutcomeText
{
    public static string Of(Step step, Outcome outcome) => outcome switch
    {
        { Code: not 0 } => $"error {outcome.Code}: {outcome.Error}",
        { Canceled: { } reason } => $"{Listed(outcome.Events.Select(Of))}canceled: {reason}",
        _ => Body(step, outcome),
    };

    private static string Body(Step step, Outcome outcome) => step switch
    {
        WatchStep => "watching",
        UnwatchStep => Listed(outcome.Events.Select(Of)).TrimEnd(),
        LeasesStep => $"revision {outcome.Answer.Revision}, leases{string.Concat(outcome.Leases.Order().Select(lease => $" {lease}"))}",
        AlarmStep => $"alarms{string.Concat(Sorted(outcome.Answer.Alarms).Select(alarm => $" {alarm.Type} of {alarm.Member}"))}",
        _ => Of(step, outcome.Answer),
    };

    private static string Of(Step step, Answer answer)
    {
        var head = $"revision {answer.Revision}";
        return step switch
        {
            PutStep when answer.Values.Count > 0 => $"{head}, was {Of(answer.Values[0])}",
            DeleteStep => $"{head}, deleted {answer.Count}{(answer.Values.Count > 0 ? ": " : "")}{Joined(answer.Values)}",
            RangeStep range => $"{head}, {Of(range, answer)}",
            TxnStep txn => $"{head}, {Of(txn, answer)}",
            GrantStep => $"{head}, lease {answer.Id} for {answer.Seconds} s",
            _ => head,
        };
    }

    private static string Of(RangeStep range, Answer answer)
    {
        var values = Ties.Break(range, answer);
        var more = answer.More ? " and more" : "";
        return $"count {answer.Count}{(answer.Values.Count > 0 ? ": " : "")}{values}{more}";
    }

    private static string Of(TxnStep txn, Answer answer)
    {
        var steps = answer.Succeeded ? txn.Then : txn.Else;
        var text = new StringBuilder(answer.Succeeded ? "then" : "else");
        for (var i = 0; i < answer.Responses.Count; i++)
        {
            var response = answer.Responses[i];
            var fits = i < steps.Count && Fits(steps[i], response.Kind);
            text.Append(fits ? $" [{Of(steps[i], response)}]" : $" [a response of kind {response.Kind} that nobody asked for]");
        }

        if (answer.Responses.Count < steps.Count) text.Append(" and no response to the rest");
        return text.ToString();
    }

    internal static string Joined(IEnumerable<StoredKey> values) => string.Join(", ", values.Select(Of));

    /// <summary>Key, value, then created, modified and version, and the lease when there is one.</summary>
    internal static string Of(StoredKey value) => $"{Text(value.Key)}={Text(value.Value)} ({value.Created} {value.Modified} {value.Version}"
        + $"{(value.Lease == 0 ? "" : $" lease {value.Lease}")})";

    internal static string Text(byte[] bytes)
    {
        const int shown = 24;
        var text = new StringBuilder();
        foreach (var one in bytes.Take(shown)) text.Append(one is > 0x20 and < 0x7f ? $"{(char)one}" : $"\\x{one:x2}");
        // A long value is told apart by its length and a sum of all of it.
        if (bytes.Length > shown) text.Append($"...{bytes.Length} bytes, sum {bytes.Aggregate(17L, (sum, one) => sum * 31 + one):x}");
        return text.ToString();
    }

    private static string Of(WatchEvent change)
    {
        var before = change.Before is null ? "" : $" was {Of(change.Before)}";
        return change.IsDelete ? $"delete {Text(change.Now.Key)} at {change.Now.Modified}{before}" : $"put {Of(change.Now)}{before}";
    }

    private static string Listed(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "; "));

    private static bool Fits(Step step, OperationKind kind) => kind == step switch
    {
        RangeStep => OperationKind.Range,
        PutStep => OperationKind.Put,
        DeleteStep => OperationKind.Delete,
        TxnStep => OperationKind.Txn,
        _ => OperationKind.None,
    };

    private static IEnumerable<RaisedAlarm> Sorted(IEnumerable<RaisedAlarm> alarms) =>
        alarms.OrderBy(alarm => alarm.Type).ThenBy(alarm => alarm.Member);
}

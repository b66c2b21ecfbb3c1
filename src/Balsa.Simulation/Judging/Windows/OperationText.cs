using System.Text;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Windows;

/// <summary>Tells an operation and its answer in a line.</summary>
internal static class OperationText
{
    private const int LongestValue = 60;
    private const int MostItems = 8;

    internal static string Of(Operation operation)
    {
        // A register has no name.
        var deed = ((operation.IsStale ? "stale " : "") + Deed(operation)).Replace("  ", " ", StringComparison.Ordinal).TrimEnd();
        return operation.Outcome switch
        {
            Outcome.Unknown => $"{deed}: unknown",
            Outcome.NotDone => $"{deed}: not done",
            _ => $"{deed}: {Answer(operation)}",
        };
    }

    private static string Deed(Operation operation)
    {
        var key = Keys(operation.Key, operation.RangeEnd);
        return operation.Kind switch
        {
            OperationKind.Get => $"get {key}",
            OperationKind.Put => $"put {key} {Short(operation.Value)}{Leased(operation.Lease)}",
            OperationKind.Append => $"append {key} {Short(operation.Value)}",
            OperationKind.Delete => $"delete {key}",
            OperationKind.Replace => $"replace {key} with {Short(operation.Value)}",
            OperationKind.Swap => $"swap {key} {Short(operation.Expected)} for {Short(operation.Value)}",
            OperationKind.PutIf when operation.IfRevision == 0 => $"put {key} {Short(operation.Value)} if absent",
            OperationKind.PutIf => $"put {key} {Short(operation.Value)} if at revision {operation.IfRevision}",
            OperationKind.Range => $"range {key}",
            OperationKind.Txn => Txn(operation),
            OperationKind.Grant => $"grant lease {operation.Lease} for {operation.TimeToLive}",
            OperationKind.KeepAlive => $"keep lease {operation.Lease} alive",
            _ => $"revoke lease {operation.Lease}",
        };
    }

    private static string Answer(Operation operation)
    {
        if (operation.Kind == OperationKind.Get) return Short(operation.Found) + Written(operation.Modified);
        if (operation.Kind == OperationKind.Range) return Items(operation.Items);
        if (operation.Kind == OperationKind.Txn) return operation.Met == true ? "they held" : "they did not hold";
        return operation.Met == false ? $"refused{Written(operation.Modified)}" : "done";
    }

    private static string Txn(Operation operation)
    {
        var text = new StringBuilder("if");
        foreach (var compare in operation.Compares)
        {
            var sign = compare.Sign switch { null => "!=", 0 => "=", < 0 => "<", _ => ">" };
            text.Append(' ').Append(compare.Key).Append('.').Append(compare.Target.ToString().ToLowerInvariant()).Append(' ').Append(sign)
                .Append(' ').Append(compare.Target == CompareTarget.Value ? Short(compare.Text) : $"{compare.Number}");
        }

        text.Append(" then");
        Append(text, operation.Then);
        text.Append(" else");
        Append(text, operation.Else);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<Part> parts)
    {
        foreach (var part in parts)
        {
            text.Append(' ').Append(part.Kind.ToString().ToLowerInvariant()).Append(' ').Append(Keys(part.Key, part.End));
            if (part.Kind is OperationKind.Put or OperationKind.Append)
                text.Append(' ').Append(Short(part.Value)).Append(Leased(part.Lease));
            else if (part.Kind == OperationKind.Get) text.Append('=').Append(Short(part.Found)).Append(Written(part.Modified));
            else if (part.Items is not null) text.Append('=').Append(Items(part.Items));
            text.Append(',');
        }
    }

    private static string Items(IReadOnlyList<Item>? items)
    {
        if (items is null) return "not told";
        var text = new StringBuilder($"{items.Count} keys");
        for (var i = 0; i < Math.Min(items.Count, MostItems); i++)
            text.Append(' ').Append(items[i].Key).Append('=').Append(Short(items[i].Value)).Append(Written(items[i].Modified));
        return items.Count > MostItems ? text.Append(" ...").ToString() : text.ToString();
    }

    private static string Keys(string key, string? end) => end switch { null => key, "" => $"[{key}, ...)", _ => $"[{key}, {end})" };

    private static string Leased(long lease) => lease == 0 ? "" : $" on lease {lease}";

    private static string Written(long? modified) => modified is null ? "" : $" of revision {modified}";

    private static string Short(string? value)
    {
        if (value is null) return "nothing";
        return value.Length <= LongestValue ? $"\"{value}\"" : $"\"...{value[^LongestValue..]}\"";
    }
}

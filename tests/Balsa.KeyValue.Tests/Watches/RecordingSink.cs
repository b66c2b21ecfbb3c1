using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

/// <summary>Writes down what it takes as one line a batch, and has as much room as the test says.</summary>
internal sealed class RecordingSink : IWatchSink
{
    private readonly List<string> _lines = [];

    public int Room { get; set; } = int.MaxValue;

    public int Refused { get; private set; }

    public bool TryTake(in WatchBatch batch)
    {
        if (Room <= 0 && !batch.Continued)
        {
            Refused++;
            return false;
        }

        Room--;
        _lines.Add(LineOf(batch));
        return true;
    }

    /// <summary>What came since the last call.</summary>
    public string[] Take()
    {
        var lines = _lines.ToArray();
        _lines.Clear();
        return lines;
    }

    private static string LineOf(in WatchBatch batch)
    {
        var line = $"{batch.WatchId} @{batch.Revision}";
        if (batch.Created) line += " created";
        if (batch.Canceled) line += " canceled";
        if (batch.CompactRevision != 0) line += $" compacted {batch.CompactRevision}";
        if (!string.IsNullOrEmpty(batch.CancelReason)) line += $" ({batch.CancelReason})";
        foreach (var one in batch.Events)
        {
            line += $" {(one.Kv.IsDelete ? "-" : "")}{WatchText.Of(one.Kv.Key)}:{one.Kv.Modified}";
            if (one.HasPrevious) line += $"<{one.Previous.Modified}";
        }

        return batch.Fragment ? line + " ..." : line;
    }
}

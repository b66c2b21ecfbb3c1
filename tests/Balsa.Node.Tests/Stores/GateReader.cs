using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Node.Stores;
using Record = Balsa.KeyValue.Store.Record;

namespace Balsa.Node.Tests.Stores;

/// <summary>Reads views through the gate and believes nothing: whatever a view shows must fit its revision, each time it is read.</summary>
internal sealed class GateReader(ViewGate gate, int seed, long founded)
{
    /// <summary>How long a view is kept at most to see the writer compact under it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly Random _random = new(seed);
    private readonly ByteWriter _bytes = new();
    private long _revision;

    internal long Views { get; private set; }

    internal long Events { get; private set; }

    internal long OldRevisions { get; private set; }

    /// <summary>Views that were read again after the writer had compacted beyond them.</summary>
    internal long Outlived { get; private set; }

    internal void ReadOneView()
    {
        using var reader = gate.Enter();
        var view = reader.View;
        Check(view.Revision >= _revision, "a later view is older");
        _revision = view.Revision;
        var revision = AnyRevisionOf(view);
        var before = (ReadItems(view, revision), CheckEvents(view), HashOf(view));
        CheckAccounts(view, revision);
        CheckAccounts(view, 0);
        for (var i = 0; i < 10; i++) CheckNewest(view, GateValue.Item(_random.Next(GateValue.Items)));
        if (_random.Next(4) == 0) OutliveCompaction(view);
        CheckAccounts(view, revision);
        Check(before == (ReadItems(view, revision), CheckEvents(view), HashOf(view)), "a view changed while it was held");
        Views++;
    }

    private void OutliveCompaction(StoreView view)
    {
        var until = TimeProvider.System.GetTimestamp();
        var wait = new SpinWait();
        while (gate.Current.Compacted <= view.Compacted || gate.Current.Epoch < view.Epoch + 3)
        {
            if (TimeProvider.System.GetElapsedTime(until) > Patience) return;
            wait.SpinOnce(sleep1Threshold: -1);
        }

        Outlived++;
    }

    private long AnyRevisionOf(StoreView view)
    {
        var oldest = Math.Max(founded, view.Compacted);
        return oldest + _random.NextInt64(view.Revision - oldest + 1);
    }

    /// <summary>The accounts at a revision (0: the newest) hold what they always held together.</summary>
    private void CheckAccounts(StoreView view, long revision)
    {
        var answer = Range(view, "account/"u8, "account0"u8, revision);
        Check(answer.Values.Count == GateValue.Accounts, "an account is missing");
        var sum = 0L;
        foreach (var account in answer.Values) sum += GateValue.AmountOf(account.Value);
        Check(sum == GateValue.Accounts * GateValue.AmountEach, "a transfer is seen by halves");
        OldRevisions += revision > 0 && revision < view.Revision ? 1 : 0;
    }

    private (int Count, long Sum) ReadItems(StoreView view, long revision)
    {
        var sum = 0L;
        var answer = Range(view, "item/"u8, "item0"u8, revision);
        foreach (var item in answer.Values) sum = sum * 31 + item.Modified;
        Check(Range(view, [0], [0], 0).Values.Count == view.Keys, "the view counts its keys wrongly");
        return (answer.Values.Count, sum);
    }

    private Answer Range(StoreView view, ReadOnlySpan<byte> key, ReadOnlySpan<byte> end, long revision)
    {
        _bytes.Clear();
        view.Range(new RangeQuery { Key = key, End = end, Revision = revision }, _bytes);
        var answer = Answer.ReadRange(_bytes.Written);
        Check(answer.Error == StoreError.None && answer.Count == answer.Values.Count, "a range is not whole");
        var newest = revision > 0 ? revision : view.Revision;
        byte[] last = [];
        foreach (var found in answer.Values)
        {
            Check(found.Key.AsSpan().SequenceCompareTo(last) > 0, "keys are out of order");
            Check(found.Created <= found.Modified && found.Modified <= newest, "a key is newer than what was asked for");
            Check(GateValue.Fits(found.Value, found.Key, found.Modified), "a value is not the key's");
            last = found.Key;
        }

        return answer;
    }

    private static void CheckNewest(StoreView view, byte[] key)
    {
        var record = view.Newest(key);
        if (record.Reference != 0) CheckRecord(view, record, key);
    }

    /// <summary>Each event fits the revision it stands under, and what was before it fits, too.</summary>
    private (long First, long Sum) CheckEvents(StoreView view)
    {
        var (sum, last) = (0L, Math.Max(0, view.Compacted));
        var first = view.SeekEvent(view.Compacted);
        for (var sequence = first; sequence < view.EventsEnd; sequence++)
        {
            var revision = view.EventRevision(sequence);
            var record = view.Event(sequence);
            Check(revision >= last && revision <= view.Revision, "events are out of order");
            Check(record.Reference != 0 && record.Modified == revision, "an event has another's record");
            CheckRecord(view, record, record.Key);
            if (view.TryPrevious(record, out var previous))
            {
                Check(previous.Modified < revision && previous.Key.SequenceEqual(record.Key), "what was before is another's");
                CheckRecord(view, previous, record.Key);
            }

            (last, sum) = (revision, sum * 31 + revision + record.Key[^1]);
            Events++;
        }

        return (first, sum);
    }

    private static void CheckRecord(StoreView view, in Record record, ReadOnlySpan<byte> key)
    {
        Check(record.Key.SequenceEqual(key) && record.Modified <= view.Revision, "a record is another's");
        Check(record.IsDelete ? record.Value.Length == 0 : GateValue.Fits(record.Value, key, record.Modified), "a record is torn");
    }

    private static uint HashOf(StoreView view)
    {
        Check(view.Hash(0, out var hash) == StoreError.None, "the view has no hash");
        return hash;
    }

    private static void Check(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}

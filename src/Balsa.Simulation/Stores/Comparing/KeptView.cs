using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Comparing;

/// <summary>A view of the real store, and what the model knew when it was published.</summary>
internal sealed class KeptView(StoreView view, NaiveStore model)
{
    private readonly ByteWriter _answer = new();
    private readonly long _revision = model.Revision, _compacted = model.Compacted, _keys = model.Keys;

    internal ReaderFloor Floor => view.Floor;

    internal StoreView View => view;

    internal long Revision => _revision;

    internal long Compacted => _compacted;

    internal StoreDifference? Ask(PlainRange query, StoreSights sights)
    {
        _answer.Clear();
        view.Range(query.Query, _answer);
        var found = Answer.ReadRange(_answer.Written);
        sights.See(query, found, _revision, _compacted);
        return AnswerComparison.Difference(model.Range(query, _revision, _compacted), found) is { } text
            ? new StoreDifference(StoreFinding.Query, text) : null;
    }

    internal StoreDifference? Ask(PlainTxn txn, StoreSights sights)
    {
        _answer.Clear();
        view.Txn(txn.ToBytes(), _answer);
        var found = Answer.Read(KeyValue.Commands.CommandKind.Txn, _answer.Written);
        sights.See(found.Error);
        return AnswerComparison.Difference(model.Read(txn, _revision, _compacted), found) is { } text
            ? new StoreDifference(StoreFinding.Query, text) : null;
    }

    /// <summary>Numbers of the view, and its hash against one that is added up from the model.</summary>
    internal StoreDifference? CompareNumbers(long revision)
    {
        if (view.Revision != _revision) return Hash(AnswerComparison.Differs("revision", _revision, view.Revision));
        if (view.Compacted != _compacted) return Hash(AnswerComparison.Differs("compacted", _compacted, view.Compacted));
        if (view.Keys != _keys) return Hash(AnswerComparison.Differs("keys", _keys, view.Keys));
        var (error, expected) = NaiveHash.Of(model.History, revision, _revision, _compacted);
        var foundError = view.Hash(revision, out var found);
        if (error != foundError) return Hash(AnswerComparison.Differs("error of the hash", error, foundError));
        return error == StoreError.None && expected != found ? Hash(AnswerComparison.Differs("hash", expected, found)) : null;
    }

    /// <summary>
    /// The newest version of every key there ever was. Keys that were deleted before the compacted revision are gone; at that
    /// revision, and just before it, they may be kept for watchers.
    /// </summary>
    internal StoreDifference? CompareNewest()
    {
        foreach (var key in model.History.Keys)
        {
            var expected = model.History.Last(key, _revision);
            var found = view.Newest(key);
            if (expected is null || (expected.IsDelete && expected.Modified < _compacted - 1))
            {
                if (found.Reference != 0) return Different($"{Words.Bytes(key)} is gone, found {Text(found)}");
            }
            else if (found.Reference == 0 ? !expected.IsDelete || expected.Modified > _compacted : !IsSame(expected, found))
            {
                return Different($"expected {expected}, found {(found.Reference == 0 ? "nothing" : Text(found))}");
            }
        }

        return null;
    }

    internal static bool IsSame(NaiveVersion expected, in Record found) =>
        expected.Modified == found.Modified && expected.IsDelete == found.IsDelete && expected.Created == found.Created
        && expected.Version == found.Version && expected.Lease == found.Lease && found.Key.SequenceEqual(expected.Key)
        && found.Value.SequenceEqual(expected.Value);

    /// <summary>Every event from a revision on, with what was there before it.</summary>
    internal StoreDifference? Walk(long from, StoreSights sights)
    {
        var expected = Events(Math.Max(from, _compacted)).GetEnumerator();
        for (var sequence = view.SeekEvent(from); sequence < view.EventsEnd; sequence++)
        {
            var record = view.Event(sequence);
            if (record.Reference == 0) continue;
            if (!expected.MoveNext()) return Different($"an event too many: {Text(record)}");
            sights.See(StoreSight.Event);
            var text = Compare(expected.Current, record);
            if (text is not null) return Different(text);
            if (view.EventRevision(sequence) != record.Modified) return Different($"event revision {view.EventRevision(sequence)}");
        }

        return expected.MoveNext() ? Different($"missing: {expected.Current}") : null;
    }

    private static StoreDifference Hash(string text) => new(StoreFinding.Hash, text);

    private static StoreDifference Different(string text) => new(StoreFinding.Events, text);

    private IEnumerable<NaiveVersion> Events(long from) =>
        model.History.Events.Where(version => version.Modified >= from && version.Modified <= _revision);

    private string? Compare(NaiveVersion expected, in Record found)
    {
        if (!IsSame(expected, found)) return $"expected {expected}, found {Text(found)}";
        var previous = expected.Modified > _compacted ? model.History.Before(expected) : null;
        var hasPrevious = view.TryPrevious(found, out var foundPrevious);
        if (hasPrevious != previous is not null)
            return $"before {expected}: expected {previous}, found {(hasPrevious ? Text(foundPrevious) : "nothing")}";
        if (previous is null) return null;
        return IsSame(previous, foundPrevious) ? null : $"before {expected}: expected {previous}, found {Text(foundPrevious)}";
    }

    private static string Text(in Record record) => new NaiveVersion(record.Key.ToArray(), record.Modified)
    {
        Value = record.Value.ToArray(), Created = record.Created, Version = record.Version, Lease = record.Lease,
        IsDelete = record.IsDelete,
    }.ToString();
}

using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Drills;

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

    /// <summary>At the compacted revision only what is still there: no delete, and nothing replaced at once.</summary>
    private IEnumerable<NaiveVersion> Events(long from)
    {
        foreach (var version in model.History.Events)
        {
            if (version.Modified < from || version.Modified > _revision) continue;
            var isGone = version.Modified == _compacted
                && (version.IsDelete || !ReferenceEquals(model.History.Last(version.Key, _compacted), version));
            if (!isGone) yield return version;
        }
    }

    private string? Compare(NaiveVersion expected, in Record found)
    {
        var isSame = expected.Modified == found.Modified && expected.IsDelete == found.IsDelete && expected.Created == found.Created
            && expected.Version == found.Version && expected.Lease == found.Lease && found.Key.SequenceEqual(expected.Key)
            && found.Value.SequenceEqual(expected.Value);
        if (!isSame) return $"expected {expected}, found {Text(found)}";
        var previous = expected.Modified > _compacted ? model.History.Before(expected) : null;
        var hasPrevious = view.TryPrevious(found, out var foundPrevious);
        if (hasPrevious != previous is not null)
            return $"before {expected}: expected {previous?.ToString() ?? "nothing"}, found {(hasPrevious ? Text(foundPrevious) : "nothing")}";
        if (previous is null) return null;
        var isSamePrevious = previous.Modified == foundPrevious.Modified && foundPrevious.Value.SequenceEqual(previous.Value)
            && previous.Version == foundPrevious.Version && previous.Created == foundPrevious.Created
            && previous.Lease == foundPrevious.Lease && foundPrevious.Key.SequenceEqual(previous.Key);
        return isSamePrevious ? null : $"before {expected}: expected {previous}, found {Text(foundPrevious)}";
    }

    private static string Text(in Record record) => new NaiveVersion(record.Key.ToArray(), record.Modified)
    {
        Value = record.Value.ToArray(), Created = record.Created, Version = record.Version, Lease = record.Lease, IsDelete = record.IsDelete,
    }.ToString();
}

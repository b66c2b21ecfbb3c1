using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Simulation.Stores.Comparing;
using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Scripts;

namespace Balsa.Simulation.Stores.Playing;

/// <summary>
/// Drives a real store and the model with the same steps and compares whatever can be seen. A twin applies the same entries
/// and publishes and works at other times: nobody may see the difference.
/// </summary>
internal sealed class StorePlayer<TProbe> : IStorePlayer where TProbe : struct, IStoreProbe
{
    private const int ViewsMax = 6, RoundsToTidy = 100_000;

    private readonly RoundSettings _settings;
    private readonly StoreSights _sights;
    private readonly KeyValueStore<TProbe> _store;
    private readonly List<StoreEntry> _entries = [];
    private readonly List<KeptView> _views = [];
    private readonly IReadOnlyList<IStoreCheck<TProbe>> _checks;
    private KeyValueStore<TProbe> _twin;
    private SnapshotPlay<TProbe>? _snapshot;

    internal StorePlayer(RoundSettings settings, StoreSights sights)
    {
        (_settings, _sights) = (settings, sights);
        (_store, _twin) = (new KeyValueStore<TProbe>(settings.Options), new KeyValueStore<TProbe>(settings.Options));
        Model = new NaiveStore(settings.Options);
        _checks = StoreChecks.Make(_store, Model, sights);
    }

    public NaiveStore Model { get; }

    public StoreDifference? Play(StoreAction action)
    {
        try
        {
            var difference = Do(action);
            foreach (var check in _checks) difference ??= check.After(action, _views.Count > 0 ? _views[^1] : null);
            return difference;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new StoreDifference(StoreFinding.Broken, exception.ToString());
        }
    }

    private StoreDifference? Do(StoreAction action)
    {
        switch (action)
        {
            case ApplyEntry apply: return Apply(apply.Entry);
            case PublishView publish: return Publish(publish.KeepsOlder);
            case FreeMemory free:
                if (!_store.Work(Math.Min(free.Steps, _settings.StepsMax))) _sights.See(StoreSight.WorkFinished);
                return null;
            case Rebuild: return Replay();
            case TidyUp: return Tidy();
            case WriteSnapshot write: return Snapshot(write);
            case DropSnapshot:
                if (_snapshot is not null) _sights.See(StoreSight.SnapshotDropped);
                _snapshot?.Close();
                _snapshot = null;
                return null;
            case AskRange ask: return View(ask.Age)?.Ask(ask.Query, _sights);
            case AskTxn ask: return View(ask.Age)?.Ask(ask.Txn, _sights);
            case WalkEvents walk: return View(walk.Age)?.Walk(walk.From, _sights);
            case CompareHashes compare: return View(compare.Age)?.CompareNumbers(compare.Revision) ?? CompareStores(_twin, "twin");
            default: return null;
        }
    }

    private StoreDifference? Apply(StoreEntry entry)
    {
        _entries.Add(entry);
        var bytes = _store.Apply(entry.Entry, entry.Envelope, entry.Body).ToArray();
        var expected = Model.Apply(entry.Entry, entry.Envelope, entry.Body);
        var found = Answer.Read(entry.Kind, bytes);
        _sights.See(entry, found, Model);
        if (AnswerComparison.Difference(expected, found) is { } text) return new StoreDifference(StoreFinding.Answer, text);
        if (!_twin.Apply(entry.Entry, entry.Envelope, entry.Body).SequenceEqual(bytes))
            return new StoreDifference(StoreFinding.Hash, "the twin gives another answer");
        if (_entries.Count % _settings.TwinBatch == 0)
        {
            _twin.Publish(ReaderFloor.None);
            _twin.Work(_settings.TwinSteps);
        }

        return _settings.PublishesAlways ? Publish(keepsOlder: true) : null;
    }

    private StoreDifference? Publish(bool keepsOlder)
    {
        if (!keepsOlder) _views.Clear();
        // Several are kept, and the oldest goes when they become too many.
        if (_views.Count > ViewsMax) _views.RemoveAt(0);
        var floor = _views.Count == 0 ? ReaderFloor.None : _views[0].Floor;
        foreach (var check in _checks) floor = Lower(floor, check.Floor);
        _views.Add(new KeptView(_store.Publish(floor), Model));
        return null;
    }

    private static ReaderFloor Lower(ReaderFloor one, ReaderFloor two) =>
        new(Math.Min(one.Epoch, two.Epoch), Math.Min(one.Revision, two.Revision));

    private StoreDifference? Replay()
    {
        var again = new KeyValueStore<TProbe>(_settings.Options);
        foreach (var entry in _entries) again.Apply(entry.Entry, entry.Envelope, entry.Body);
        _sights.See(StoreSight.Rebuilt);
        return CompareStores(again, "rebuilt store");
    }

    private StoreDifference? Tidy()
    {
        _snapshot?.Close();
        _snapshot = null;
        for (var rounds = 0; _store.Work(1000); rounds++)
            if (rounds > RoundsToTidy) return Differs("end of work: there is none");
        Publish(keepsOlder: false);
        return _views[^1].CompareNewest();
    }

    private StoreDifference? Snapshot(WriteSnapshot write)
    {
        _snapshot ??= new SnapshotPlay<TProbe>(_store, _settings.Options, _entries.Count);
        if (!_snapshot.TryRead(write.BytesMax, Math.Min(write.Steps, _settings.StepsMax))) return null;
        _snapshot.Close();
        var difference = _snapshot.TryRestore(_entries, out var restored);
        _snapshot = null;
        if (difference is not null) return difference;
        _twin = restored!;
        _sights.See(StoreSight.SnapshotRestored);
        var view = new KeptView(_twin.Publish(ReaderFloor.None), Model);
        return (view.Walk(0, _sights) ?? view.CompareNumbers(0) ?? CompareStores(_twin, "restored store")) is { } found
            ? new StoreDifference(StoreFinding.Snapshot, found.Text) : null;
    }

    private StoreDifference? CompareStores(KeyValueStore<TProbe> other, string name)
    {
        _sights.See(StoreSight.Hash);
        if (_store.ContentHash != other.ContentHash) return Differs($"content hash of the {name}");
        if (_store.HistoryHash != other.HistoryHash) return Differs($"history hash of the {name}");
        if (_store.Revision != other.Revision || Model.Revision != _store.Revision) return Differs($"revision of the {name}");
        if (_store.Compacted != other.Compacted || Model.Compacted != _store.Compacted) return Differs($"compacted of the {name}");
        if (_store.LogTime != other.LogTime || Model.LogTime != _store.LogTime) return Differs($"log time of the {name}");
        if (_store.Applied != other.Applied) return Differs($"applied entry of the {name}");
        return _store.Keys != other.Keys || Model.Keys != _store.Keys ? Differs($"keys of the {name}") : null;
    }

    private static StoreDifference Differs(string what) => new(StoreFinding.Hash, $"another {what}");

    private KeptView? View(int age)
    {
        if (_views.Count == 0) return null;
        if (age > 0 && _views.Count > 1) _sights.See(StoreSight.OlderView);
        return _views[Math.Max(0, _views.Count - 1 - age)];
    }
}

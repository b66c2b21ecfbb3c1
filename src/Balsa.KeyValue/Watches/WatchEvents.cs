using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches.Lanes;

namespace Balsa.KeyValue.Watches;

/// <summary>One change of one key, with the version before it when the watcher asked for that and it is known.</summary>
public readonly ref struct WatchEvent
{
    public Record Kv { get; init; }

    public bool HasPrevious { get; init; }

    public Record Previous { get; init; }
}

/// <summary>
/// Walks the events of a batch. They are read where they lie: a batch is a list of places in the log, whatever it weighs, and
/// between the places of one revision the watcher's own range decides again.
/// </summary>
public ref struct WatchEvents
{
    private readonly IEventSource? _view;
    private readonly FindBuffer? _finds;
    private readonly ref readonly Watcher _watcher;
    private readonly bool _skipsOne;
    private int _find;
    private int _offset;
    private int _left;
    private Record _record;

    /// <param name="skipsOne">A planted mistake: the previous version of the previous version is shown.</param>
    internal WatchEvents(IEventSource view, FindBuffer finds, ref readonly Watcher watcher, bool skipsOne)
    {
        _view = view;
        _finds = finds;
        _watcher = ref watcher;
        _skipsOne = skipsOne;
        _find = watcher.FirstFind;
        _left = int.MaxValue;
    }

    public readonly WatchEvent Current
    {
        get
        {
            if (!_watcher.Has(WatchOptions.Previous) || !TryPrevious(out var previous)) return new WatchEvent { Kv = _record };
            return new WatchEvent { Kv = _record, HasPrevious = true, Previous = previous };
        }
    }

    public readonly WatchEvents GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_find >= 0 && _left > 0)
        {
            ref readonly var find = ref _finds!.At(_find);
            _record = find.IsReference ? _view!.Read(find.Place) : _view!.Event((long)find.Place + _offset);
            if (_offset++ >= find.More)
            {
                _find = find.Next;
                _offset = 0;
            }

            if (!_watcher.Wants(_record)) continue;
            _left--;
            return true;
        }

        return false;
    }

    /// <summary>The same walk from here, ending after so many events.</summary>
    internal readonly WatchEvents First(int count)
    {
        var part = this;
        part._left = count;
        return part;
    }

    private readonly bool TryPrevious(out Record previous)
    {
        if (!_view!.TryPrevious(_record, out previous)) return false;
        return !_skipsOne || _view.TryPrevious(previous, out previous);
    }
}

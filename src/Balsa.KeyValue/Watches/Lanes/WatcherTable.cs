namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>All watchers of a hub. A slot is used again when its watcher is gone.</summary>
internal sealed class WatcherTable
{
    public const int None = -1;

    private Watcher[] _watchers = new Watcher[16];
    private int _used;
    private int _free = None;

    public int Count { get; private set; }

    public ref Watcher this[int slot] => ref _watchers[slot];

    public int Add()
    {
        int slot;
        if (_free >= 0)
        {
            slot = _free;
            _free = _watchers[slot].Seat;
        }
        else
        {
            if (_used == _watchers.Length) Array.Resize(ref _watchers, _used * 2);
            slot = _used++;
        }

        Count++;
        _watchers[slot] = new Watcher { Bytes = [], FirstFind = None, LastFind = None };
        return slot;
    }

    public void Remove(int slot)
    {
        _watchers[slot] = new Watcher { Bytes = [], FirstFind = None, LastFind = None, Seat = _free };
        _free = slot;
        Count--;
    }
}

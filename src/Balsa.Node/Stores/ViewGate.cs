using Balsa.KeyValue.Store;

namespace Balsa.Node.Stores;

/// <summary>
/// Lets any thread read the newest published view while the applying thread goes on. A reader notes in a slot which view it
/// uses; whoever publishes looks into the slots for what must be kept. No reader ever waits for the applying thread, nor the
/// other way round.
/// </summary>
public sealed class ViewGate
{
    /// <summary>Readers at the same time; one more waits for a slot. Reads are short, and only running threads read.</summary>
    private const int SlotsCount = 256;

    /// <summary>Slots of two readers lie on different cache lines, and none on that of the array's length, which all look at.</summary>
    private const int Spacing = 8;

    private readonly StoreView?[] _slots = new StoreView?[(SlotsCount + 1) * Spacing];
    private StoreView? _current;

    /// <summary>The view to read next; only the applying thread sets it.</summary>
    public StoreView Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("Nothing was published yet.");

    /// <summary>Takes the newest view. It must be given back soon: until then the store keeps all that it shows.</summary>
    public Reader Enter() => Enter(Current);

    /// <param name="seen">The newest view a moment ago.</param>
    public Reader Enter(StoreView seen)
    {
        var slot = TakeSlot(seen);
        while (true)
        {
            // The note must be visible before the view is looked at again: if it is still the newest, the next to publish sees
            // the note. If not, it may have looked too early, and the view is not safe.
            var newest = Current;
            if (ReferenceEquals(newest, _slots[slot])) return new Reader(this, slot, newest);
            Interlocked.Exchange(ref _slots[slot], newest);
        }
    }

    /// <summary>Puts a new view in the place of the current one.</summary>
    public void Publish(StoreView view) => Interlocked.Exchange(ref _current, view);

    /// <summary>What the views in use need, the current one among them, because somebody may be about to take it.</summary>
    public ReaderFloor Floor()
    {
        var floor = _current?.Floor ?? ReaderFloor.None;
        for (var i = Spacing; i < _slots.Length; i += Spacing)
        {
            if (Volatile.Read(ref _slots[i]) is not { } used) continue;
            floor = new ReaderFloor(Math.Min(floor.Epoch, used.Floor.Epoch), Math.Min(floor.Revision, used.Floor.Revision));
        }

        return floor;
    }

    private int TakeSlot(StoreView view)
    {
        var wait = new SpinWait();
        while (true)
        {
            var first = Environment.CurrentManagedThreadId % SlotsCount;
            for (var i = 0; i < SlotsCount; i++)
            {
                var slot = ((first + i) % SlotsCount + 1) * Spacing;
                if (Interlocked.CompareExchange(ref _slots[slot], view, null) is null) return slot;
            }

            wait.SpinOnce();
        }
    }

    /// <summary>A view in use.</summary>
    public readonly struct Reader(ViewGate gate, int slot, StoreView view) : IDisposable
    {
        public StoreView View => view;

        public void Dispose() => Volatile.Write(ref gate._slots[slot], null);
    }
}

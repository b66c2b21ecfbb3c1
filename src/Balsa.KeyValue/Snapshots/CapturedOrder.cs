using Balsa.KeyValue.Slots;
using Balsa.KeyValue.Wire;
using Balsa.Raft;

namespace Balsa.KeyValue.Snapshots;

/// <summary>
/// Gives the items of a table their slots and remembers the order in which they were made. A capture walks that order in
/// slices while the table goes on changing, and yields the items as they were when it began: an item that changes before
/// the walk has reached it is written down first. The order is part of the replicated state and a restored table has the
/// same one, so the bytes depend neither on the slots nor on the slices.
/// </summary>
internal sealed class CapturedOrder(ICapturedItems items)
{
    private const int None = -1, PageBytes = 64 << 10;

    private readonly SlotArray<Link> _links = new();
    private readonly List<Image> _images = [];
    private readonly List<ByteWriter> _pages = [];
    private int _first = None, _last = None, _free = None;
    private int _cursor = None;
    private uint _capture;

    internal bool IsCapturing { get; private set; }

    /// <summary>A slot for a new item.</summary>
    internal int Add()
    {
        var slot = _free;
        if (slot == None) slot = _links.Add();
        else _free = _links[slot].Next;
        _links[slot] = new Link { Previous = _last, Next = None, Image = None, Capture = _capture };
        if (_last == None) _first = slot;
        else _links[_last].Next = slot;
        _last = slot;
        return slot;
    }

    /// <summary>To be called before an item changes.</summary>
    internal void BeforeChange(int slot)
    {
        ref var link = ref _links[slot];
        if (!IsCapturing || link.Capture == _capture) return;
        if (_pages.Count == 0 || _pages[^1].Length >= PageBytes) _pages.Add(new ByteWriter());
        var page = _pages[^1];
        link.Capture = _capture;
        link.Image = _images.Count;
        _images.Add(new Image(slot, _pages.Count - 1, page.Length));
        var begin = page.BeginPart();
        items.WriteItem(slot, page);
        page.EndPart(begin);
    }

    /// <summary>To be called before an item is cleared. Its slot is not given away before the walk has passed it.</summary>
    internal void Remove(int slot)
    {
        BeforeChange(slot);
        ref var link = ref _links[slot];
        if (link.Image == None) Free(slot);
        else link.IsGone = true;
    }

    internal void BeginCapture()
    {
        Invariant.Check(!IsCapturing);
        IsCapturing = true;
        _capture++;
        _cursor = _first;
    }

    /// <summary>Writes the next items; true when there are no more.</summary>
    internal bool CaptureSlice(ByteWriter into, int itemsMax)
    {
        Invariant.Check(IsCapturing);
        for (; itemsMax > 0 && _cursor != None; itemsMax--)
        {
            var slot = _cursor;
            ref var link = ref _links[slot];
            var isNew = link.Capture == _capture && link.Image == None;
            // Whatever was made after a new item is new, too.
            _cursor = isNew ? None : link.Next;
            if (isNew) break;
            if (link.Image == None) items.WriteItem(slot, into);
            else into.Raw(Read(_images[link.Image]));
            Pass(ref link, slot);
        }

        return _cursor == None;
    }

    /// <summary>Ends a capture, finished or not.</summary>
    internal void EndCapture()
    {
        Invariant.Check(IsCapturing);
        for (var i = 0; i < _images.Count && _cursor != None; i++)
        {
            var slot = _images[i].Slot;
            if (_links[slot].Image == i) Pass(ref _links[slot], slot);
        }

        IsCapturing = false;
        _cursor = None;
        _images.Clear();
        _pages.Clear();
    }

    private ReadOnlySpan<byte> Read(Image image)
    {
        var from = new ByteReader(_pages[image.Page].Written[image.Offset..]);
        return from.Bytes();
    }

    private void Pass(ref Link link, int slot)
    {
        link.Capture = _capture;
        link.Image = None;
        if (link.IsGone) Free(slot);
    }

    private void Free(int slot)
    {
        var (previous, next) = (_links[slot].Previous, _links[slot].Next);
        if (_cursor == slot) _cursor = next;
        if (previous == None) _first = next;
        else _links[previous].Next = next;
        if (next == None) _last = previous;
        else _links[next].Previous = previous;
        _links[slot] = new Link { Previous = None, Next = _free, Image = None };
        _free = slot;
    }

    private struct Link
    {
        internal int Previous, Next;

        /// <summary>The capture that has passed this item, has its image, or does not concern it because it is newer.</summary>
        internal uint Capture;

        /// <summary>Where it stands in the list of images while the walk has not reached it.</summary>
        internal int Image;

        internal bool IsGone;
    }

    private readonly record struct Image(int Slot, int Page, int Offset);
}

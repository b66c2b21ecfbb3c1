namespace Balsa.KeyValue.Watches.Lanes;

/// <summary>
/// What a watcher has found in one revision: the event at <see cref="Place"/> and perhaps some of the <see cref="More"/> after it.
/// With More below 0 it is the version with that reference.
/// </summary>
internal record struct Find(ulong Place, int More, int Next)
{
    public readonly bool IsReference => More < 0;
}

/// <summary>
/// The finds of many watchers, chained for each of them. Nothing is taken out: it is cleared when all have been sent, so it
/// costs nothing once it has its size.
/// </summary>
internal sealed class FindBuffer
{
    private Find[] _finds = new Find[64];

    public int Count { get; private set; }

    public ref Find At(int index) => ref _finds[index];

    public int Add(ulong place, int more, int next)
    {
        if (Count == _finds.Length) Array.Resize(ref _finds, Count * 2);
        _finds[Count] = new Find(place, more, next);
        return Count++;
    }

    public void Clear() => Count = 0;
}

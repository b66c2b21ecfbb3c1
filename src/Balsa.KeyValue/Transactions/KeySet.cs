namespace Balsa.KeyValue.Transactions;

/// <summary>Keys, or ranges of keys, of one command: as places in its bytes, in order, without copies.</summary>
internal sealed class KeySet
{
    private readonly List<Place> _places = [];

    internal int Count => _places.Count;

    internal void Add(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, ReadOnlySpan<byte> end) =>
        _places.Add(new Place(OffsetIn(body, key), key.Length, OffsetIn(body, end), end.Length));

    internal void AddAll(KeySet other) => _places.AddRange(other._places);

    internal ReadOnlySpan<byte> Key(ReadOnlySpan<byte> body, int i) => body.Slice(_places[i].Key, _places[i].KeyLength);

    /// <summary>
    /// Puts the keys in order, and for ranges drops those inside others. False when two keys are equal, which for single
    /// keys is a duplicate.
    /// </summary>
    internal bool Arrange(ReadOnlySpan<byte> body)
    {
        if (_places.Count < 2) return true;
        Sort(body, 0, _places.Count, new Place[_places.Count]);
        var (kept, isUnique) = (0, true);
        for (var i = 1; i < _places.Count; i++)
        {
            isUnique &= !Key(body, i - 1).SequenceEqual(Key(body, i));
            if (IsInside(body, _places[i], _places[kept])) continue;
            _places[++kept] = _places[i];
        }

        _places.RemoveRange(kept + 1, _places.Count - kept - 1);
        return isUnique;
    }

    internal bool Contains(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key)
    {
        var at = Below(body, key);
        return at >= 0 && Key(body, at).SequenceEqual(key);
    }

    /// <summary>Whether a range holds the key. None is inside another, so only the last one that begins at or before it can.</summary>
    internal bool Covers(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key)
    {
        var at = Below(body, key);
        if (at < 0) return false;
        var place = _places[at];
        return place.EndLength == 0 ? Key(body, at).SequenceEqual(key) : key.SequenceCompareTo(End(body, place)) < 0;
    }

    private static int OffsetIn(ReadOnlySpan<byte> body, ReadOnlySpan<byte> part) =>
        !part.IsEmpty && body.Overlaps(part, out var offset) ? offset : 0;

    private static ReadOnlySpan<byte> End(ReadOnlySpan<byte> body, in Place place) => body.Slice(place.End, place.EndLength);

    /// <summary>The last place whose key is not above this one.</summary>
    private int Below(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, _places.Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (Key(body, middle).SequenceCompareTo(key) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>The inner one begins at or behind the outer one's begin.</summary>
    private static bool IsInside(ReadOnlySpan<byte> body, in Place inner, in Place outer)
    {
        var innerKey = body.Slice(inner.Key, inner.KeyLength);
        if (outer.EndLength == 0)
            return inner.EndLength == 0 && innerKey.SequenceEqual(body.Slice(outer.Key, outer.KeyLength));
        if (inner.EndLength == 0) return innerKey.SequenceCompareTo(End(body, outer)) < 0;
        return End(body, inner).SequenceCompareTo(End(body, outer)) <= 0;
    }

    /// <summary>Merges: equal keys with the larger range first, so that it takes the smaller one in.</summary>
    private void Sort(ReadOnlySpan<byte> body, int from, int to, Place[] room)
    {
        if (to - from < 2) return;
        var middle = (from + to) >> 1;
        Sort(body, from, middle, room);
        Sort(body, middle, to, room);
        var (left, right, at) = (from, middle, from);
        while (left < middle && right < to) room[at++] = IsFirst(body, left, right) ? _places[left++] : _places[right++];
        while (left < middle) room[at++] = _places[left++];
        while (right < to) room[at++] = _places[right++];
        for (var i = from; i < to; i++) _places[i] = room[i];
    }

    private bool IsFirst(ReadOnlySpan<byte> body, int left, int right)
    {
        var order = Key(body, left).SequenceCompareTo(Key(body, right));
        return order != 0 ? order < 0 : End(body, _places[left]).SequenceCompareTo(End(body, _places[right])) >= 0;
    }

    private readonly record struct Place(int Key, int KeyLength, int End, int EndLength);
}

using Balsa.KeyValue.Watches;
using Balsa.KeyValue.Watches.Indexes;
using Balsa.KeyValue.Watches.Lanes;

namespace Balsa.KeyValue.Tests.Watches;

public sealed class WatchIndexTests
{
    private readonly WatcherTable _watchers = new();
    private readonly Random _random = new(7);

    [Fact]
    public void Ranges_that_hold_a_key_are_found_whatever_came_and_went()
    {
        var index = new RangeIndex(_watchers);
        var inside = new List<int>();
        var found = new SlotBuffer();
        for (var i = 0; i < 4000; i++)
        {
            if (inside.Count > 0 && _random.Next(5) < (i < 2000 ? 2 : 3)) TakeOut(inside, index.Remove);
            else inside.Add(Added(index.Add, KeyOf(3), (WatcherReach)_random.Next(1, 3)));
            var key = KeyOf(4);
            found.Clear();
            index.Find(key, found);
            var expected = inside.Where(slot => Holds(slot, key)).Order().ToArray();
            Assert.Equal(expected, found.All.ToArray().Order());
        }
    }

    [Fact]
    public void The_tree_of_ranges_stays_flat()
    {
        var index = new RangeIndex(_watchers);
        var last = 0;
        for (var i = 0; i < 10_000; i++)
        {
            last = _watchers.Add();
            Set(last, [(byte)(i >> 8), (byte)i], WatcherReach.NoEnd);
            index.Add(last);
        }

        var tallest = Enumerable.Range(0, last + 1).Max(slot => _watchers[slot].Height);
        Assert.InRange(tallest, 14, 19);
    }

    [Fact]
    public void All_watchers_of_a_key_are_found_whatever_came_and_went()
    {
        var index = new KeyIndex(_watchers, seed: 3);
        var inside = new List<int>();
        for (var i = 0; i < 4000; i++)
        {
            if (inside.Count > 0 && _random.Next(5) < (i < 2000 ? 2 : 3)) TakeOut(inside, index.Remove);
            else inside.Add(Added(index.Add, KeyOf(2), WatcherReach.OneKey));
            var key = KeyOf(2);
            var found = new List<int>();
            for (var slot = index.First(key); slot >= 0; slot = _watchers[slot].Later) found.Add(slot);
            Assert.Equal(inside.Where(slot => _watchers[slot].Key.SequenceEqual(key)).Order(), found.Order());
        }
    }

    [Fact]
    public void Another_seed_puts_keys_elsewhere_and_the_same_seed_never()
    {
        var key = WatchText.Bytes("some key of some length");
        Assert.Equal(KeyHash.Of(key, 1), KeyHash.Of(key, 1));
        Assert.NotEqual(KeyHash.Of(key, 1), KeyHash.Of(key, 2));
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(i => KeyHash.Of(WatchText.Bytes($"key{i}"), 0)).Distinct().Count());
    }

    [Fact]
    public void The_watcher_that_the_scan_meets_first_is_on_top_of_those_that_wait()
    {
        var heap = new WaitingHeap(_watchers);
        var inside = new List<int>();
        for (var i = 0; i < 3000; i++)
        {
            if (inside.Count > 0 && _random.Next(5) < (i < 1500 ? 2 : 3))
            {
                TakeOut(inside, heap.Remove);
            }
            else
            {
                var slot = _watchers.Add();
                (_watchers[slot].Sweep, _watchers[slot].Next) = (_random.Next(3), _random.Next(50));
                heap.Add(slot);
                inside.Add(slot);
            }

            Assert.Equal(inside.Count, heap.Count);
            if (inside.Count == 0) continue;
            Assert.Equal(inside.Min(OrderOf), OrderOf(heap.Top));
        }
    }

    private (int Sweep, long Next) OrderOf(int slot) => (_watchers[slot].Sweep, _watchers[slot].Next);

    private byte[] KeyOf(int most)
    {
        var key = new byte[_random.Next(1, most + 1)];
        for (var i = 0; i < key.Length; i++) key[i] = (byte)_random.Next(4);
        return key;
    }

    private int Added(Action<int> add, byte[] key, WatcherReach reach)
    {
        var slot = _watchers.Add();
        Set(slot, key, reach);
        add(slot);
        return slot;
    }

    private void Set(int slot, byte[] key, WatcherReach reach)
    {
        ref var watcher = ref _watchers[slot];
        watcher.Bytes = reach == WatcherReach.UpToEnd ? [.. key, .. key, (byte)_random.Next(4)] : key;
        (watcher.KeyLength, watcher.Reach) = (key.Length, reach);
        if (reach == WatcherReach.UpToEnd && _random.Next(2) == 0) watcher.Bytes[key.Length] += 2;
    }

    private void TakeOut(List<int> inside, Action<int> remove)
    {
        var at = _random.Next(inside.Count);
        remove(inside[at]);
        _watchers.Remove(inside[at]);
        inside.RemoveAt(at);
    }

    private bool Holds(int slot, byte[] key)
    {
        ref var watcher = ref _watchers[slot];
        var isBelow = watcher.Reach == WatcherReach.NoEnd || watcher.End.SequenceCompareTo(key) > 0;
        return watcher.Key.SequenceCompareTo(key) <= 0 && isBelow;
    }
}

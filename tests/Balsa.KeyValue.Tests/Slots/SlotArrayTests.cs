using Balsa.KeyValue.Slots;

namespace Balsa.KeyValue.Tests.Slots;

public sealed class SlotArrayTests
{
    [Fact]
    public void Every_slot_has_its_own_place_that_stays_where_it_is()
    {
        var array = new SlotArray<int>();
        array.Reach(0);
        ref var first = ref array[0];
        for (var i = 1; i < 100_000; i++)
        {
            Assert.Equal(i, array.Add());
            array[i] = i;
        }

        first = -1;
        Assert.Equal(-1, array[0]);
        for (var i = 1; i < 100_000; i++) Assert.Equal(i, array[i]);
    }

    [Fact]
    public void Slots_that_were_taken_away_come_again()
    {
        var array = new SlotArray<int>();
        array.Reach(63);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(64, array.Add());
            array.RemoveLast();
        }

        Assert.Equal(64, array.Length);
    }

    [Fact]
    public void A_small_array_is_small_and_a_large_one_grows_by_bounded_pieces()
    {
        var array = new SlotArray<long>();
        Assert.InRange(Allocated(() => array.Reach(0)), 512, 700);
        array.Reach(20_000);
        for (var i = 0; i < 100_000; i++) Assert.InRange(Allocated(() => array.Add()), 0, 140_000);
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

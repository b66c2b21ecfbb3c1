using Balsa.KeyValue.Slots;

namespace Balsa.KeyValue.Tests.Slots;

public sealed class IdIndexTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void It_finds_what_a_dictionary_finds_while_it_grows_and_is_emptied(int ids)
    {
        var random = new Random(ids);
        var index = new IdIndex();
        var model = new Dictionary<long, int>();
        var free = new Stack<int>(Enumerable.Range(0, 2 * ids + 1));
        for (var step = 0; step < 50_000; step++)
        {
            var id = random.NextInt64(-ids, ids + 1);
            var isThere = model.TryGetValue(id, out var slot);
            Assert.Equal(isThere, index.TryFind(id, out var found));
            Assert.Equal(isThere ? slot : -1, found);
            // Long stretches of mostly adding and of mostly removing.
            if (isThere && random.Next(step / 5000 % 2 == 0 ? 10 : 2) == 0)
            {
                Assert.True(index.Remove(id, out var removed));
                Assert.Equal(slot, removed);
                model.Remove(id);
                free.Push(slot);
            }
            else if (!isThere)
            {
                Assert.False(index.Remove(id, out _));
                slot = free.Pop();
                index.Add(id, slot);
                model.Add(id, slot);
            }

            Assert.Equal(model.Count, index.Count);
        }
    }

    [Fact]
    public void It_never_pays_for_its_growth_at_once()
    {
        var index = new IdIndex();
        for (var slot = 0; slot < 300_000; slot++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            index.Add(slot * 7919L, slot);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 500_000);
        }
    }
}

using Balsa.KeyValue.Slots;

namespace Balsa.KeyValue.Tests.Slots;

public sealed class DeadlineHeapTests
{
    [Fact]
    public void The_earliest_comes_first_whatever_is_added_moved_and_removed()
    {
        var random = new Random(1);
        var heap = new DeadlineHeap();
        var model = new Dictionary<int, (long At, long Order)>();
        for (var step = 0; step < 30_000; step++)
        {
            var slot = random.Next(300);
            if (!model.TryGetValue(slot, out var entry))
            {
                entry = (random.Next(50), random.Next());
                heap.Add(slot, entry.At, entry.Order);
                model[slot] = entry;
            }
            else if (random.Next(2) == 0)
            {
                entry = entry with { At = random.Next(50) };
                heap.Move(slot, entry.At);
                model[slot] = entry;
            }
            else
            {
                heap.Remove(slot);
                model.Remove(slot);
            }

            Assert.Equal(model.Count, heap.Count);
            if (step % 10 != 0 || model.Count == 0) continue;
            var first = model.MinBy(pair => pair.Value);
            Assert.Equal((first.Key, first.Value.At), (heap.FirstSlot, heap.FirstAt));
        }
    }

    [Fact]
    public void Without_deadlines_the_first_one_is_beyond_all_time() => Assert.Equal(long.MaxValue, new DeadlineHeap().FirstAt);
}

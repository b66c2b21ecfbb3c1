using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Tests.Leases;

public sealed class MillionLeasesTests
{
    private const int Count = 1_000_000;
    private const long Second = TimeSpan.TicksPerSecond, Start = 1000 * Second;

    [Fact]
    public void A_million_leases_are_walked_in_slices_and_renewed_captured_and_ended_without_garbage()
    {
        var table = new LeaseTable();
        for (var i = 1; i <= Count; i++) Assert.Equal(Answers.StoreError.None, table.Grant(IdOf(i), 60 + i % 1000));
        var deadlines = new LeaseDeadlines<NoStoreProbe>(new LeaseOptions());
        deadlines.BeginReign(3, Start, Second, table);
        var slices = 1;
        while (deadlines.WorkReign(1000)) slices++;
        Assert.Equal(Count / 1000, slices);

        var rests = new LeaseRest[64];
        deadlines.TakeCheckpoints(Start + 300 * Second, rests);
        Assert.Equal(0, Allocated(() => RenewAll(deadlines)));
        var due = new LeaseExpireCommand[16];
        Assert.Equal(0, Allocated(() => EndSome(deadlines, due)));
    }

    [Fact]
    public void Granting_revoking_and_noting_in_a_table_that_found_its_size_allocates_nothing()
    {
        var table = new LeaseTable();
        for (var i = 1; i <= 100_000; i++) table.Grant(IdOf(i), 60);
        Assert.Equal(0, Allocated(() =>
        {
            for (var i = 1; i <= 100_000; i++)
            {
                table.Checkpoint(IdOf(i), 100);
                table.Remove(IdOf(i));
                table.Grant(IdOf(i), 90);
            }
        }));
    }

    [Fact]
    public void A_capture_begins_without_work_and_saves_only_what_changes()
    {
        var table = new LeaseTable();
        for (var i = 1; i <= Count; i++) table.Grant(IdOf(i), 60);
        var begun = Allocated(table.BeginCapture);
        Assert.InRange(begun, 0, 100);
        // A page of images, as large as it grows, and the list of them.
        Assert.InRange(Allocated(() => table.Checkpoint(IdOf(1), 100)), 1, 4096);
        var bytes = new ByteWriter();
        Assert.False(table.CaptureSlice(bytes, 10));
        var from = new ByteReader(bytes.Written);
        var restored = new LeaseTable();
        while (!from.IsEmpty) Assert.True(restored.TryRestoreItem(ref from));
        Assert.Equal(10, restored.Count);
        Assert.True(restored.TryGet(IdOf(1), out var first));
        Assert.Equal(0, first.RestMs);
    }

    /// <summary>Scattered like the ids that servers choose.</summary>
    private static long IdOf(int i) => (long)(((ulong)i * 0x9e3779b97f4a7c15) >> 1);

    private static void RenewAll(LeaseDeadlines<NoStoreProbe> deadlines)
    {
        for (var i = 1; i <= Count; i++)
        {
            if (!deadlines.TryRenew(IdOf(i), Start + i, out _)) Assert.Fail($"lease {i} was not renewed");
        }
    }

    private static void EndSome(LeaseDeadlines<NoStoreProbe> deadlines, LeaseExpireCommand[] due)
    {
        for (var round = 0; round < 1000; round++)
        {
            var count = deadlines.AdvanceTo(Start + 2000 * Second, due);
            if (count != due.Length) Assert.Fail($"{count} leases ended");
            foreach (var command in due) deadlines.OnRemoved(command.Lease);
        }
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

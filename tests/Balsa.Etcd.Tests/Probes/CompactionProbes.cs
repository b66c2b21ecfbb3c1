using Balsa.Etcd.Tests.Steps;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>Which revisions can be compacted, and what can still be read of them.</summary>
public sealed class CompactionProbes
{
    private const string Compacted = "error 11: etcdserver: mvcc: required revision has been compacted";
    private const string Future = "error 11: etcdserver: mvcc: required revision is a future revision";

    [Fact]
    public async Task A_compaction_goes_up_to_the_current_revision_and_never_back()
    {
        await using var bed = await Bed.StartAsync(Put("a"), Put("a"), Put("a"), Put("a"));
        await bed.ExpectAsync(new CompactStep(6), Future);
        await bed.ExpectAsync(new CompactStep(-1), Compacted);
        await bed.ExpectAsync(new CompactStep(3), "revision 5");
        await bed.ExpectAsync(new CompactStep(3), Compacted);
        await bed.ExpectAsync(new CompactStep(2), Compacted);
        await bed.ExpectAsync(new CompactStep(0), Compacted);
        await bed.ExpectAsync(new CompactStep(-1), Compacted);
        await bed.ExpectAsync(new CompactStep(5), "revision 5");
        await bed.ExpectAsync(new CompactStep(5), Compacted);
    }

    [Fact]
    public async Task An_empty_store_can_be_compacted_at_its_first_revision()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(new CompactStep(2), Future);
        await bed.ExpectAsync(new CompactStep(1), "revision 1");
        await bed.ExpectAsync(new CompactStep(1), Compacted);
    }

    [Fact]
    public async Task Revision_0_can_be_compacted_once()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(new CompactStep(0), "revision 1");
        await bed.ExpectAsync(new CompactStep(0), Compacted);
    }

    [Fact]
    public async Task The_compacted_revision_can_be_read_and_those_before_it_cannot()
    {
        await using var bed = await Bed.StartAsync(
            Put("a", "1"), Put("a", "2"), Put("b", "1"), Delete("b"), Put("c", "1"), Put("a", "3"), new CompactStep(5));
        await bed.ExpectAsync(Range("a", "z") with { Revision = 5 }, "revision 7, count 1: a=2 (2 3 2)");
        await bed.ExpectAsync(Range("a", "z") with { Revision = 4 }, Compacted);
        await bed.ExpectAsync(Range("a", "z") with { Revision = 1 }, Compacted);
        await bed.ExpectAsync(Range("a", "z") with { Revision = 6 }, "revision 7, count 2: a=2 (2 3 2), c=1 (6 6 1)");
        await bed.ExpectAsync(Range("a", "z") with { Revision = 8 }, Future);
        await bed.ExpectAsync(Range("a", "z") with { Revision = -1 }, "revision 7, count 2: a=3 (2 7 3), c=1 (6 6 1)");
        await bed.ExpectAsync(Range("") with { Revision = 4 }, "error 3: etcdserver: key is not provided");
    }
}

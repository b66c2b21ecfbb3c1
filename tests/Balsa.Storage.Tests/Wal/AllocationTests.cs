using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Storage.Tests.Wal;

/// <summary>
/// The writer's steps, carried out by the thread of the test, from records that wait to records that are durable. What is
/// allocated is counted exactly, so one byte is too much.
/// </summary>
public sealed class AllocationTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void An_append_allocates_nothing(int records) => Assert.Equal(0, AllocatedBy(new Entries(records)));

    [Fact]
    public void Storing_a_vote_allocates_nothing() => Assert.Equal(0, AllocatedBy(new Votes()));

    [Fact]
    public void An_allocation_for_each_append_is_noticed() => Assert.True(AllocatedBy(new Entries(1) { Wastes = true }) >= Rounds * 24);

    private static long AllocatedBy(Source source)
    {
        var disk = new PlainDisk();
        var opener = new DirectoryOpener<NoStorageProbe>(new OpeningOptions
        {
            Path = LogWorld.Path, Owner = LogWorld.Owner, Founding = Configuration.OfVoters(1, 2, 3),
            // One segment for everything: a new one is allowed to allocate.
            Wal = new WalOptions { SegmentBytes = 128 << 20 },
        });
        foreach (var step in opener.Run())
            if (step.Site != IoSite.ZeroSpare) disk.Execute(step);
        using var steps = opener.Opened!.Writer.Run(source).GetEnumerator();
        // Tables grow to the size that they need until the log is compacted, and keep it.
        Append(steps, source, 2 * Rounds);
        source.Compacts = true;
        Append(steps, source, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Append(steps, source, Rounds);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Writes and syncs that do nothing succeed: what a disk allocates is its own matter.</summary>
    private static void Append(IEnumerator<IoStep> steps, Source source, int rounds)
    {
        var until = source.Durable + rounds;
        source.Rounds = rounds;
        while (source.Durable < until) Assert.True(steps.MoveNext());
    }

    private abstract class Source : IWalSource
    {
        protected LogIndex Last { get; set; }

        public int Rounds { get; set; }

        public int Durable { get; private set; }

        public bool Compacts { get; set; }

        public void Fill(WalBatch batch)
        {
            if (Rounds == 0) return;
            Rounds--;
            if (Compacts) batch.BeginAfter(default, Last.Value == 0 ? default : LogWorld.IdOf(Last.Value, 1), Configuration.OfVoters(1));
            Compacts = false;
            Put(batch);
        }

        public void OnDurable() => Durable++;

        protected abstract void Put(WalBatch batch);
    }

    private sealed class Entries(int records) : Source
    {
        private readonly byte[] _payload = LogWorld.PayloadOf(1, 1, 256);

        public bool Wastes { get; init; }

        public object? Wasted { get; private set; }

        protected override void Put(WalBatch batch)
        {
            if (Wastes) Wasted = new object();
            for (var i = 0; i < records; i++)
            {
                Last = Last.Next;
                var entry = new EntryRef(new EntryId(new Term(1), Last), EntryKind.Data, (uint)_payload.Length, 1, default);
                batch.Append(default, entry, _payload);
            }
        }
    }

    private sealed class Votes : Source
    {
        private ulong _term;

        protected override void Put(WalBatch batch) =>
            batch.SaveHardState(default, new HardState(new Term(++_term), new MemberId(2)));
    }
}

using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>
/// Logs and a snapshot that a build once wrote, and that every later build must apply in the same way: members of one
/// cluster may be of different builds.
/// </summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData(GoldenFile.Log)]
    [InlineData(GoldenFile.EarlierLog)]
    public void A_golden_log_gives_the_same_answers_and_hashes_for_ever(string name)
    {
        var replay = new GoldenReplay();
        replay.Run(GoldenFile.Read(name));
        Assert.Equal(File.ReadAllText(GoldenFile.PathOf(name)), replay.Text);
    }

    [Theory]
    [InlineData(GoldenFile.Log)]
    [InlineData(GoldenFile.EarlierLog)]
    public void A_golden_log_would_be_encoded_the_same_today(string name)
    {
        var read = GoldenFile.Read(name);
        Assert.Equal(GoldenFile.Make(name).Select(Line), read.Select(Line));

        static string Line(GoldenEntry entry) => $"{entry.Term} {Convert.ToHexString(entry.Bytes)} {entry.Comment}";
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void When_the_store_publishes_and_frees_changes_nothing_in_it(int seed)
    {
        var replay = new GoldenReplay(new Random(seed));
        replay.Run(GoldenFile.Read(GoldenFile.Log));
        Assert.Equal(File.ReadAllText(GoldenFile.PathOf(GoldenFile.Log)), replay.Text);
        Assert.Equal(File.ReadAllBytes(GoldenFile.PathOf(GoldenFile.Snapshot)), replay.Snapshot());
    }

    [Fact]
    public void The_golden_log_has_every_kind_of_command_and_every_refusal()
    {
        var replay = new GoldenReplay();
        replay.Run(GoldenFile.Read(GoldenFile.Log));
        for (var kind = CommandKind.Put; kind <= CommandKind.Touch; kind++)
        {
            Assert.Contains((kind, StoreError.None), replay.Seen);
            Assert.Contains((kind, StoreError.Malformed), replay.Seen);
        }

        // Thousands of alarms are needed for the first; the second is a reader's, no entry is refused with it.
        var expected = Enum.GetValues<StoreError>().Except([StoreError.RequestTooLarge, StoreError.AnswerTooLarge]);
        Assert.Equal(expected, replay.Seen.Select(seen => seen.Error).Distinct().Order());
    }

    [Fact]
    public void The_golden_state_is_written_byte_for_byte()
    {
        var replay = new GoldenReplay();
        replay.Run(GoldenFile.Read(GoldenFile.Log));
        Assert.Equal(File.ReadAllBytes(GoldenFile.PathOf(GoldenFile.Snapshot)), replay.Snapshot());
    }

    [Fact]
    public void The_golden_snapshot_is_restored_and_goes_on_like_the_log()
    {
        var replay = new GoldenReplay();
        replay.Run(GoldenFile.Read(GoldenFile.Log));
        var reader = new SnapshotReader<NoStoreProbe>(GoldenReplay.Options);
        Assert.True(reader.TryTake(File.ReadAllBytes(GoldenFile.PathOf(GoldenFile.Snapshot))), reader.Problem);
        Assert.True(reader.TryFinish(out var restored), reader.Problem);
        AssertSame(replay.Store, restored!);

        // The whole log once more, as more entries: what leases, sessions and alarms have left decides many answers.
        var index = replay.Store.Applied.Index.Value;
        foreach (var entry in GoldenFile.Read(GoldenFile.Log))
        {
            EntryEnvelope.TryRead(entry.Bytes, out var envelope, out var command);
            var id = new EntryId(new Term(entry.Term), new LogIndex(++index));
            var answer = replay.Store.Apply(id, envelope, command).ToArray();
            Assert.Equal(answer, restored!.Apply(id, envelope, command).ToArray());
        }

        AssertSame(replay.Store, restored!);
    }

    private static void AssertSame(KeyValueStore<NoStoreProbe> one, KeyValueStore<NoStoreProbe> two)
    {
        Assert.Equal((one.Applied, one.Revision, one.Compacted, one.Keys), (two.Applied, two.Revision, two.Compacted, two.Keys));
        Assert.Equal((one.ContentHash, one.HistoryHash, one.LogTime), (two.ContentHash, two.HistoryHash, two.LogTime));
        var (left, right) = (one.Publish(ReaderFloor.None), two.Publish(ReaderFloor.None));
        for (var revision = one.Compacted; revision <= one.Revision; revision++)
        {
            Assert.Equal(StoreError.None, left.Hash(revision, out var hash));
            Assert.Equal(StoreError.None, right.Hash(revision, out var same));
            Assert.Equal(hash, same);
        }
    }
}

using Balsa.Etcd.Tests.Differential;
using Balsa.Etcd.Tests.Server;
using Balsa.Etcd.Tests.Stores;
using Balsa.KeyValue.Probes;

namespace Balsa.Etcd.Tests;

/// <summary>
/// Random operations to the real etcd and to our store, and every answer compared in full. BALSA_ETCD_OPERATIONS and
/// BALSA_ETCD_SEED ask for more and others.
/// </summary>
public sealed class DifferentialTests(RecordedTranscript recorded, ITestOutputHelper output) : IClassFixture<RecordedTranscript>
{
    [Fact]
    public async Task Our_store_answers_as_etcd_does()
    {
        var transcript = await recorded.GetAsync();
        var comparison = Comparison.Of<NoStoreProbe>(transcript);
        output.WriteLine(Summary.Text(transcript, comparison.Differing.Count));
        Summary.Write(transcript, comparison.Differing.Count);
        Assert.True(comparison.Differing.Count == 0, comparison.Report);
    }

    /// <summary>Each store begins as a snapshot of the one before, taken while that went on.</summary>
    [Fact]
    public async Task A_store_restored_again_and_again_answers_as_etcd_does()
    {
        var comparison = Comparison.Of<NoStoreProbe>(await recorded.GetAsync(), isReplaced: true, onlyFirst: true);
        Assert.True(comparison.Differing.Count == 0, comparison.Report);
    }

    [Theory]
    [InlineData(StoreMutant.RevisionUsedAgain)]
    [InlineData(StoreMutant.DeleteOfNothingCounts)]
    [InlineData(StoreMutant.VersionNotRestarted)]
    [InlineData(StoreMutant.CreatedNotKept)]
    [InlineData(StoreMutant.PreviousOfWrongRevision)]
    [InlineData(StoreMutant.EmptyValueIsMissing)]
    [InlineData(StoreMutant.LimitBeforeSort)]
    [InlineData(StoreMutant.CountIsOfPage)]
    [InlineData(StoreMutant.ByLengthOrder)]
    [InlineData(StoreMutant.FutureRevisionRead)]
    [InlineData(StoreMutant.CompactedRevisionRead)]
    [InlineData(StoreMutant.TombstoneVisible)]
    [InlineData(StoreMutant.FilterAfterLimit)]
    [InlineData(StoreMutant.TxnAppliesHalf)]
    [InlineData(StoreMutant.TxnComparesSeeOperations)]
    [InlineData(StoreMutant.TxnChecksLate)]
    [InlineData(StoreMutant.DuplicateKeyAllowed)]
    [InlineData(StoreMutant.NestedBudgetForgotten)]
    [InlineData(StoreMutant.MissingValueUnequal)]
    [InlineData(StoreMutant.TxnRevisionEachOperation)]
    [InlineData(StoreMutant.CompactionDropsNewest)]
    [InlineData(StoreMutant.LeaseNotDetached)]
    [InlineData(StoreMutant.KeptLeaseLost)]
    [InlineData(StoreMutant.RevokeKeepsLastKey)]
    [InlineData(StoreMutant.RevokeOutOfOrder)]
    [InlineData(StoreMutant.WatchGapAfterSync)]
    [InlineData(StoreMutant.WatchDoublesAfterSync)]
    [InlineData(StoreMutant.WatchIgnoresCompaction)]
    [InlineData(StoreMutant.WatchFilterInverted)]
    [InlineData(StoreMutant.WatchRangeEndIncluded)]
    public async Task A_store_with_a_mistake_is_found_out(StoreMutant mistake)
    {
        var comparison = Comparison.Of(await recorded.GetAsync(), new Planted(mistake), onlyFirst: true);
        Assert.NotEmpty(comparison.Differing);
        output.WriteLine(comparison.Report);
    }

    [Theory]
    [InlineData(StoreMutant.SnapshotSeesLaterWrites)]
    [InlineData(StoreMutant.SnapshotForgetsHistory)]
    [InlineData(StoreMutant.CompactionFreesPinned)]
    public async Task A_store_with_a_mistake_in_its_snapshots_is_found_out(StoreMutant mistake)
    {
        var comparison = Comparison.Of(await recorded.GetAsync(), new Planted(mistake), isReplaced: true, onlyFirst: true);
        Assert.NotEmpty(comparison.Differing);
        output.WriteLine(comparison.Report);
    }

    [Theory]
    [InlineData(StoreMutant.LegalCompactionAtOnce)]
    [InlineData(StoreMutant.LegalPublishAfterEveryCommand)]
    [InlineData(StoreMutant.LegalSmallSlices)]
    public async Task A_store_that_is_only_different_is_not_flagged(StoreMutant difference)
    {
        var comparison = Comparison.Of(await recorded.GetAsync(), new Planted(difference), onlyFirst: true);
        Assert.True(comparison.Differing.Count == 0, comparison.Report);
    }

    /// <summary>Two of etcd give the same answers: the texts leave nothing in that is etcd's to choose.</summary>
    [Fact]
    public async Task Etcd_answers_as_etcd_does()
    {
        EtcdProcess.SkipWhenMissing();
        var seed = (await recorded.GetAsync()).Seed;
        var (one, other) = (await Transcript.RecordAsync(seed, 2000), await Transcript.RecordAsync(seed, 2000));
        Assert.Equal(one.Lines.Select(line => Steps.OutcomeText.Of(line.Step, line.Outcome)),
            other.Lines.Select(line => Steps.OutcomeText.Of(line.Step, line.Outcome)));
    }
}

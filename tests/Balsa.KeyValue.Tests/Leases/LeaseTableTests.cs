using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Tests.Leases;

public sealed class LeaseTableTests
{
    private readonly LeaseTable _table = new();

    [Fact]
    public void A_granted_lease_is_there_until_it_is_removed()
    {
        Assert.Equal(StoreError.None, _table.Grant(7, 60));
        Assert.True(_table.Contains(7));
        Assert.True(_table.TryGet(7, out var state));
        Assert.Equal(new LeaseState(7, 60, 0), state);
        Assert.True(_table.Remove(7));
        Assert.False(_table.TryGet(7, out _));
        Assert.False(_table.Remove(7));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_negative_id_is_accepted()
    {
        Assert.Equal(StoreError.None, _table.Grant(-5, 60));
        Assert.Equal(StoreError.None, _table.Grant(long.MinValue, 60));
        Assert.True(_table.Contains(-5));
    }

    [Fact]
    public void Id_0_is_malformed_because_the_proposer_chooses_an_id() => Assert.Equal(StoreError.Malformed, _table.Grant(0, 60));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_time_below_one_second_is_malformed_because_the_proposer_raises_it(long seconds) =>
        Assert.Equal(StoreError.Malformed, _table.Grant(1, seconds));

    [Fact]
    public void A_lease_that_exists_cannot_be_granted_and_stays_as_it_is()
    {
        _table.Grant(1, 60);
        Assert.Equal(StoreError.LeaseExists, _table.Grant(1, 90));
        Assert.True(_table.TryGet(1, out var state));
        Assert.Equal(60, state.Seconds);
    }

    [Fact]
    public void More_than_nine_billion_seconds_are_too_long()
    {
        Assert.Equal(StoreError.None, _table.Grant(1, 9_000_000_000));
        Assert.Equal(StoreError.LeaseTooLong, _table.Grant(2, 9_000_000_001));
        Assert.Equal(StoreError.LeaseTooLong, _table.Grant(2, long.MaxValue));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void A_checkpoint_is_kept_and_taken_back_by_zero()
    {
        _table.Grant(1, 60);
        Assert.True(_table.Checkpoint(1, 1500));
        Assert.Equal(1500, Rest(1));
        Assert.True(_table.Checkpoint(1, 0));
        Assert.Equal(0, Rest(1));
    }

    [Fact]
    public void A_checkpoint_is_never_above_the_full_time()
    {
        _table.Grant(1, 60);
        Assert.True(_table.Checkpoint(1, 60_001));
        Assert.Equal(60_000, Rest(1));
    }

    [Fact]
    public void A_negative_checkpoint_and_one_of_an_unknown_lease_are_ignored()
    {
        _table.Grant(1, 60);
        _table.Checkpoint(1, 1500);
        var hash = _table.ContentHash;
        Assert.False(_table.Checkpoint(1, -1));
        Assert.False(_table.Checkpoint(2, 1000));
        Assert.Equal((1500, hash), (Rest(1), _table.ContentHash));
    }

    [Fact]
    public void The_content_hash_depends_on_every_field_and_not_on_the_way_there()
    {
        var other = new LeaseTable();
        foreach (var id in new long[] { 1, 2, 3, 4 }) _table.Grant(id, 60);
        _table.Checkpoint(3, 5000);
        _table.Remove(1);
        other.Grant(3, 60);
        other.Checkpoint(3, 100);
        other.Checkpoint(3, 5000);
        other.Grant(4, 60);
        Assert.NotEqual(_table.ContentHash, other.ContentHash);
        other.Grant(2, 61);
        Assert.NotEqual(_table.ContentHash, other.ContentHash);
        other.Remove(2);
        other.Grant(2, 60);
        Assert.Equal(_table.ContentHash, other.ContentHash);
        other.Checkpoint(4, 1);
        Assert.NotEqual(_table.ContentHash, other.ContentHash);
        foreach (var id in new long[] { 2, 3, 4 }) _table.Remove(id);
        Assert.Equal(0UL, _table.ContentHash);
    }

    [Fact]
    public void A_walk_in_slices_meets_each_lease_once_and_looks_at_a_bounded_number_of_places()
    {
        for (var id = 1; id <= 100; id++) _table.Grant(id, id);
        for (var id = 1; id <= 90; id++) _table.Remove(id);
        var met = new List<long>();
        var room = new LeaseState[7];
        var calls = 0;
        for (var position = 0; position >= 0; calls++)
        {
            var before = position;
            var count = _table.Copy(ref position, room);
            Assert.True(position < 0 || position - before <= room.Length);
            met.AddRange(room[..count].Select(state => state.Id));
        }

        Assert.Equal(Enumerable.Range(91, 10).Select(id => (long)id), met);
        Assert.Equal(15, calls);
    }

    [Fact]
    public void A_walk_of_nothing_ends_at_once()
    {
        var position = 0;
        Assert.Equal(0, _table.Copy(ref position, new LeaseState[4]));
        Assert.Equal(LeaseTable.NoPosition, position);
    }

    [Theory]
    [InlineData(0, 60, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 9_000_000_001, 0)]
    [InlineData(1, -60, 0)]
    [InlineData(1, 60, -1)]
    [InlineData(1, 60, 60_001)]
    [InlineData(5, 60, 0)]
    public void A_restored_lease_that_cannot_be_is_refused(long id, long seconds, long restMs)
    {
        _table.Grant(5, 60);
        var bytes = new ByteWriter();
        bytes.Varint(id);
        bytes.Varint(seconds);
        bytes.Varint(restMs);
        var from = new ByteReader(bytes.Written);
        Assert.False(_table.TryRestoreItem(ref from));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void A_lease_whose_bytes_end_early_is_refused()
    {
        _table.Grant(-1, 60);
        _table.Checkpoint(-1, 60_000);
        var bytes = new ByteWriter();
        _table.BeginCapture();
        Assert.True(_table.CaptureSlice(bytes, 10));
        _table.EndCapture();
        for (var length = 0; length < bytes.Length; length++)
        {
            var from = new ByteReader(bytes.Written[..length]);
            var restored = new LeaseTable();
            Assert.False(restored.TryRestoreItem(ref from));
            Assert.Equal(0, restored.Count);
        }
    }

    private long Rest(long id) => _table.TryGet(id, out var state) ? state.RestMs : -1;
}

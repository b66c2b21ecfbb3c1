using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Tests.Leases;

/// <summary>The table against a list, with captures that are taken while it changes.</summary>
public sealed class LeaseTableRandomTests
{
    private readonly List<LeaseState> _model = [];
    private readonly ByteWriter _captured = new();
    private LeaseTable _table = new();
    private byte[]? _expected;
    private ulong _expectedHash;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_capture_in_slices_holds_what_was_there_when_it_began_and_a_restored_table_goes_on_the_same(int seed)
    {
        var random = new Random(seed);
        var captures = 0;
        for (var step = 0; step < 20_000; step++)
        {
            Change(random);
            if (_expected is null && random.Next(100) == 0) Begin();
            else if (_expected is not null && random.Next(400) == 0) Abandon();
            else if (_expected is not null && random.Next(4) == 0 && _table.CaptureSlice(_captured, random.Next(6)))
            {
                Finish();
                captures++;
            }

            if (step % 50 == 0) Compare();
        }

        Assert.True(captures > 50, $"{captures} captures were finished");
    }

    [Fact]
    public void The_bytes_of_a_capture_depend_neither_on_its_slices_nor_on_earlier_captures_and_restores()
    {
        var random = new Random(9);
        for (var step = 0; step < 300; step++) Change(random);
        var expected = CaptureAtOnce(_table);
        var restored = Restore(expected);
        Assert.Equal(expected, CaptureAtOnce(restored));
        _table = restored;
        for (var step = 0; step < 300; step++) Change(random);
        Assert.Equal(Encode(), CaptureAtOnce(_table));
    }

    [Fact]
    public void Only_one_capture_runs_at_a_time()
    {
        _table.BeginCapture();
        Assert.Throws<Balsa.Raft.InvariantBrokenException>(_table.BeginCapture);
    }

    private void Change(Random random)
    {
        var id = random.Next(-20, 60);
        var at = _model.FindIndex(lease => lease.Id == id);
        switch (random.Next(3))
        {
            case 0:
                var granted = new LeaseState(id, random.Next(1, 100), 0);
                var expected = id == 0 ? StoreError.Malformed : at >= 0 ? StoreError.LeaseExists : StoreError.None;
                Assert.Equal(expected, _table.Grant(granted.Id, granted.Seconds));
                if (expected == StoreError.None) _model.Add(granted);
                break;
            case 1:
                Assert.Equal(at >= 0, _table.Remove(id));
                if (at >= 0) _model.RemoveAt(at);
                break;
            default:
                var rest = random.Next(-10, 120_000);
                var isNews = at >= 0 && rest >= 0 && _model[at].RestMs != Math.Min(rest, _model[at].Seconds * 1000);
                Assert.Equal(isNews, _table.Checkpoint(id, rest));
                if (isNews) _model[at] = _model[at] with { RestMs = Math.Min(rest, _model[at].Seconds * 1000) };
                break;
        }
    }

    private void Compare()
    {
        Assert.Equal(_model.Count, _table.Count);
        var room = new LeaseState[1000];
        var position = 0;
        var count = _table.Copy(ref position, room);
        Assert.Equal(_model.OrderBy(lease => lease.Id), room[..count].OrderBy(lease => lease.Id));
        Assert.All(_model, lease => Assert.True(_table.TryGet(lease.Id, out var state) && state == lease));
    }

    private void Begin()
    {
        _captured.Clear();
        _table.BeginCapture();
        _expected = Encode();
        _expectedHash = _table.ContentHash;
    }

    private void Abandon()
    {
        _table.EndCapture();
        _expected = null;
    }

    private void Finish()
    {
        _table.EndCapture();
        Assert.Equal(_expected, _captured.Written.ToArray());
        Assert.Equal(_expectedHash, Restore(_expected!).ContentHash);
        _expected = null;
        // The rest of the run goes on with a table that was captured and restored.
        var restored = Restore(CaptureAtOnce(_table));
        Assert.Equal(_table.ContentHash, restored.ContentHash);
        _table = restored;
    }

    private byte[] Encode()
    {
        var bytes = new ByteWriter();
        foreach (var lease in _model)
        {
            bytes.Varint(lease.Id);
            bytes.Varint(lease.Seconds);
            bytes.Varint(lease.RestMs);
        }

        return bytes.Written.ToArray();
    }

    private static byte[] CaptureAtOnce(LeaseTable table)
    {
        var bytes = new ByteWriter();
        table.BeginCapture();
        Assert.True(table.CaptureSlice(bytes, int.MaxValue));
        table.EndCapture();
        return bytes.Written.ToArray();
    }

    private static LeaseTable Restore(byte[] bytes)
    {
        var table = new LeaseTable();
        var from = new ByteReader(bytes);
        while (!from.IsEmpty) Assert.True(table.TryRestoreItem(ref from));
        return table;
    }
}

using Balsa.KeyValue.Commands;
using Balsa.Node.Stores;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Node.Tests.Stores;

public sealed class KeyValueMachineTests
{
    private const int Versions = 4000, ValueBytes = 1000;

    private readonly ViewGate _views = new();
    private readonly KeyValueMachine _machine;
    private readonly CommandCodec _codec = new();
    private ulong _index;

    public KeyValueMachineTests() => _machine = new KeyValueMachine(_views);

    [Fact]
    public void A_compaction_is_carried_out_without_waiting_for_the_next_write()
    {
        WriteAndCompact();
        Assert.InRange(Work(), 2, Versions);
        Assert.InRange(_machine.Sizes.Used, 0, Versions * ValueBytes / 10);
        Assert.Equal(0, _machine.Sizes.Retained);
        Assert.False(_machine.Work());
    }

    [Fact]
    public void A_compaction_waits_for_who_still_reads_and_not_longer()
    {
        var reader = _views.Enter();
        WriteAndCompact();
        Work();
        Assert.True(_machine.Sizes.Used > Versions * ValueBytes);
        reader.Dispose();
        Assert.InRange(Work(), 2, Versions);
        Assert.InRange(_machine.Sizes.Used, 0, Versions * ValueBytes / 10);
    }

    private void WriteAndCompact()
    {
        for (var i = 0; i < Versions; i++) Apply(_codec.Put(new PutCommand { Key = "key"u8, Value = new byte[ValueBytes] }));
        for (var i = 0; i < Versions; i++)
        {
            var key = BitConverter.GetBytes(i);
            Apply(_codec.Put(new PutCommand { Key = key, Value = "x"u8 }));
            Apply(_codec.Delete(new DeleteCommand { Key = key }));
        }

        Apply(_codec.Put(new PutCommand { Key = "key"u8, Value = "small"u8 }));
        _machine.EndBatch();
        Apply(_codec.Compact(new CompactCommand(_views.Current.Revision)));
        _machine.EndBatch();
    }

    /// <summary>As the replica does in free moments; how many slices it took.</summary>
    private int Work()
    {
        var slices = 1;
        while (_machine.Work()) slices++;
        return slices;
    }

    private void Apply(byte[] entry)
    {
        Assert.Equal(EnvelopeError.None, EntryEnvelope.TryRead(entry, out var envelope, out var command));
        _machine.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope, command);
    }
}

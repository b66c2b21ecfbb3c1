using Balsa.KeyValue.Events;
using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Trees;

namespace Balsa.KeyValue.Store;

/// <summary>Where the state lies: records in slabs, their order in two trees, their history in a row of references.</summary>
internal sealed class MemoryParts
{
    internal MemoryParts(StoreOptions options)
    {
        Records = new RecordHeap(options.Discard, Math.Max(options.SlabBytes / sizeof(ulong), SlotSizes.WordsMax));
        Events = new EventLog(options.Discard);
        Retirements = new Retirements(Pages, Records);
        Keys = new KeyTree(Pages, Records, Retirements);
        LeaseKeys = new KeyTree(Pages, Records, Retirements);
    }

    internal RecordHeap Records { get; }

    internal PageHeap Pages { get; } = new();

    internal Retirements Retirements { get; }

    /// <summary>Every key that has a record, deleted ones included until they are compacted.</summary>
    internal KeyTree Keys { get; }

    /// <summary>Eight bytes of lease before each attached key.</summary>
    internal KeyTree LeaseKeys { get; }

    internal EventLog Events { get; }

    /// <summary>Changes from now on belong to this epoch.</summary>
    internal long Epoch
    {
        get => Keys.Epoch;
        set => Keys.Epoch = LeaseKeys.Epoch = value;
    }

    internal ulong Add(in Record record, ulong hash)
    {
        var reference = Records.Allocate(RecordCodec.Words(record));
        RecordCodec.Write(Records.Words(reference), record, hash);
        return reference;
    }
}

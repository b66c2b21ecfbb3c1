using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Log;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>The store, or the model that the drill compares it with: the same tests say what both must do.</summary>
internal interface IStoreUnderTest
{
    Answer Apply(EntryId entry, EntryEnvelope envelope, byte[] body);

    Answer Range(in RangeQuery query);
}

internal sealed class RealStore(StoreOptions options) : IStoreUnderTest
{
    private readonly KeyValueStore<NoStoreProbe> _store = new(options);

    public RealStore() : this(new StoreOptions())
    {
    }

    public Answer Apply(EntryId entry, EntryEnvelope envelope, byte[] body) =>
        Answer.Read((CommandKind)envelope.CommandKind, _store.Apply(entry, envelope, body));

    public Answer Range(in RangeQuery query)
    {
        var answer = new ByteWriter();
        _store.Publish(ReaderFloor.None).Range(query, answer);
        return Answer.ReadRange(answer.Written);
    }
}

internal sealed class Model(StoreOptions options) : IStoreUnderTest
{
    private readonly NaiveStore _store = new(options);

    public Model() : this(new StoreOptions())
    {
    }

    public Answer Apply(EntryId entry, EntryEnvelope envelope, byte[] body) => _store.Apply(entry, envelope, body);

    public Answer Range(in RangeQuery query) => _store.Range(PlainRange.Of(query));
}

using Balsa.KeyValue.Queries;
using Balsa.KeyValue.Store;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Server.Adapters;

/// <summary>The key-value store as the replica sees it.</summary>
internal sealed class KeyValueMachine : IStateMachine
{
    private readonly KeyValueStore _store = new();

    public byte[] Apply(LogIndex index, in EntryEnvelope envelope, ReadOnlySpan<byte> command) => _store.Apply(envelope, command).Write();

    public object Query(ReadOnlyMemory<byte> query) => QueryAnswer.Of(_store, query);
}

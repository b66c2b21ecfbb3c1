using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Transactions;

namespace Balsa.KeyValue.Store;

/// <summary>
/// What is wrong with a command whatever the state: asked before it is proposed, so that the log holds nothing that is refused
/// everywhere. The store asks again when it applies, because the log may come from another build.
/// </summary>
public static class CommandRules
{
    public static StoreError Check(CommandKind kind, ReadOnlySpan<byte> body, StoreOptions options)
    {
        switch (kind)
        {
            case CommandKind.Put: return PutCommand.TryRead(body, out var put) ? PutRules.CheckShape(put) : StoreError.Malformed;
            case CommandKind.Delete:
                if (!DeleteCommand.TryRead(body, out var delete)) return StoreError.Malformed;
                return delete.Key.IsEmpty ? StoreError.KeyNotProvided : StoreError.None;
            case CommandKind.Txn: return new TxnShape<NoStoreProbe>(body, options, default).Check();
            default: return StoreError.None;
        }
    }
}

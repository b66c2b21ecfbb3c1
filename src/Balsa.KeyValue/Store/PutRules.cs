using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Store;

/// <summary>What is wrong with a put whatever the state.</summary>
internal static class PutRules
{
    internal static StoreError CheckShape(in PutCommand put)
    {
        if (put.Key.IsEmpty) return StoreError.KeyNotProvided;
        if (put.Has(PutOptions.KeepValue) && !put.Value.IsEmpty) return StoreError.ValueProvided;
        return put.Has(PutOptions.KeepLease) && put.Lease != 0 ? StoreError.LeaseProvided : StoreError.None;
    }

    /// <summary>The key must be there before.</summary>
    internal static bool NeedsKey(in PutCommand put) => put.Has(PutOptions.KeepValue | PutOptions.KeepLease | PutOptions.MustExist);
}

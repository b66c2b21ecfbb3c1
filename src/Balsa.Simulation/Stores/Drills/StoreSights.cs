using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;
using Balsa.Simulation.Stores.Scripts;

namespace Balsa.Simulation.Stores.Drills;

/// <summary>Counts what rounds met: errors, options and everything rare.</summary>
internal sealed class StoreSights
{
    private static readonly StoreError[] Expected = Array.FindAll(
        Enum.GetValues<StoreError>(), error => error is not (StoreError.None or StoreError.RequestTooLarge or StoreError.AnswerTooLarge));

    private readonly long[] _errors = new long[256];
    private readonly long[] _sights = new long[Enum.GetValues<StoreSight>().Length];

    internal long this[StoreSight sight] => _sights[(int)sight];

    internal long this[StoreError error] => _errors[(int)error];

    internal void See(StoreSight sight) => _sights[(int)sight]++;

    internal void See(StoreError error) => _errors[(int)error]++;

    internal void Add(StoreSights other)
    {
        for (var i = 0; i < _errors.Length; i++) _errors[i] += other._errors[i];
        for (var i = 0; i < _sights.Length; i++) _sights[i] += other._sights[i];
    }

    internal IEnumerable<string> Missing()
    {
        foreach (var error in Expected)
            if (this[error] == 0) yield return $"the error {error}";
        foreach (var sight in Enum.GetValues<StoreSight>())
            if (this[sight] == 0) yield return sight.ToString();
    }

    internal void See(StoreEntry entry, Answer answer, NaiveStore model)
    {
        See(StoreSight.Command);
        See(answer.Error);
        if (entry.Envelope.CommandVersion == 1) See(StoreSight.EarlierVersion);
        var isOld = answer.Error == StoreError.None && answer.Revision < model.Revision;
        if (entry.Envelope.Session != 0 && isOld) See(StoreSight.AnswerRepeated);
        if (model.LogTime > entry.Envelope.LogTime) See(StoreSight.LogTimeBehind);
        if (answer.Error != StoreError.None) return;
        switch (entry.Kind)
        {
            case CommandKind.Put when PutCommand.TryRead(entry.Body, out var put): See(PlainPut.Of(put), answer); break;
            case CommandKind.Delete: See(answer); break;
            case CommandKind.Txn: SeeTxn(answer, depth: 0); break;
            case CommandKind.LeaseRevoke or CommandKind.LeaseExpire:
                var last = model.History.Events.Count > 0 ? model.History.Events[^1] : null;
                if (last is { IsDelete: true } && last.Modified == answer.Revision) See(StoreSight.LeaseKeysDeleted);
                break;
            case CommandKind.LeaseCheckpoint: See(StoreSight.Checkpoint); break;
            case CommandKind.Alarm when answer.Alarms.Count > 0: See(StoreSight.AlarmTold); break;
            case CommandKind.SessionClose: See(StoreSight.SessionClosed); break;
            case CommandKind.Compact when answer.Revision == model.Compacted: See(StoreSight.CompactedToNewest); break;
            default: break;
        }
    }

    internal void See(PlainRange query, Answer answer, long revision, long compacted)
    {
        See(StoreSight.Query);
        See(answer.Error);
        if (answer.Error != StoreError.None) return;
        if (answer.More) See(StoreSight.More);
        if (query.Revision > 0 && query.Revision == compacted) See(StoreSight.ReadAtCompacted);
        if (query.Revision > 0 && query.Revision < revision) See(StoreSight.ReadInThePast);
        if (query.HasFilters && answer.Values.Count < answer.Count) See(StoreSight.Filtered);
        if (query.Has(RangeOptions.CountOnly) && answer.Count > 0) See(StoreSight.CountOnly);
        if (query.Has(RangeOptions.KeysOnly) && answer.Values.Count > 0) See(StoreSight.KeysOnly);
        if (answer.Values.Count > 1) SeeSort(query);
        if (answer.Count > 500) See(StoreSight.LargeRange);
    }

    private void SeeSort(PlainRange query)
    {
        if (query.Order == SortOrder.Descending) See(StoreSight.Descending);
        if (query is { Order: SortOrder.None, Limit: > 0 } && query.Target != SortTarget.Key) See(StoreSight.SortAfterLimit);
        if (query.Order > SortOrder.Descending) See(StoreSight.UnknownOrder);
        if (query.Target is > SortTarget.Key and <= SortTarget.Value)
            See(StoreSight.SortByVersion + (query.Target - SortTarget.Version));
    }

    private void See(PlainPut put, Answer answer)
    {
        if (answer.Values.Count > 0) See(StoreSight.PutPrevious);
        if (put.Has(PutOptions.KeepValue)) See(StoreSight.KeepValue);
        if (put.Has(PutOptions.KeepLease)) See(StoreSight.KeepLease);
        if (put.Has(PutOptions.MustExist)) See(StoreSight.MustExist);
        if (put.Value.Length == 0) See(StoreSight.EmptyValue);
        if (put.Lease != 0) See(StoreSight.PutWithLease);
    }

    private void See(Answer deleted)
    {
        if (deleted.Count == 0) See(StoreSight.DeletedNothing);
        if (deleted.Count > 1) See(StoreSight.DeletedMany);
        if (deleted.Count > 500) See(StoreSight.DeletedHundreds);
        if (deleted.Values.Count > 0) See(StoreSight.DeletePrevious);
    }

    private void SeeTxn(Answer txn, int depth)
    {
        See(txn.Succeeded ? StoreSight.TxnSucceeded : StoreSight.TxnFailed);
        if (depth > 1) See(StoreSight.TxnNestedTwice);
        if (txn.Responses.Count > 100) See(StoreSight.LargeTxn);
        foreach (var response in txn.Responses)
            if (response.Kind == OperationKind.Txn) SeeTxn(response, depth + 1);
    }
}

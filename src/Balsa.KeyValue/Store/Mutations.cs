using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Memory;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Ranges;
using Balsa.KeyValue.Trees;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Store;

/// <summary>
/// Puts and deletes, all of one command under one revision. Whoever calls has checked everything: what is begun here
/// succeeds.
/// </summary>
internal sealed class Mutations<TProbe>(MemoryParts memory, TProbe probe) where TProbe : struct, IStoreProbe
{
    private readonly List<ulong> _doomed = [];
    private readonly LeaseKeyIndex _leaseKeys = new(memory);

    /// <summary>An empty store is at revision 1, as in etcd.</summary>
    internal long Revision { get; set; } = 1;

    /// <summary>-1 until the first compaction, as in etcd.</summary>
    internal long Compacted { get; set; } = -1;

    /// <summary>The sum over all live keys.</summary>
    internal ulong ContentSum { get; private set; }

    /// <summary>The running command has changed something.</summary>
    internal bool HasChanged { get; private set; }

    /// <summary>The revision that a reader inside the running command is told.</summary>
    internal long Seen => HasChanged ? Revision + 1 : Revision;

    internal StateReader State => new(memory.Keys.Reader, memory.Records.Reader, Revision + 1, Revision, Compacted);

    /// <summary>The changes since the last end become one revision.</summary>
    internal void End()
    {
        if (HasChanged && !probe.Plants(StoreMutant.RevisionUsedAgain)) Revision++;
        HasChanged = false;
    }

    /// <summary>Stores the value, and writes what was there before if that is asked for.</summary>
    internal void Put(in PutCommand put, ByteWriter answer)
    {
        var found = memory.Keys.Reader.Descend(put.Key, out var path);
        var newest = found ? memory.Keys.Reader.ReferenceAt(path) : 0;
        var previous = memory.Records.Reader.Read(newest);
        var isLive = found && !previous.IsDelete;
        answer.Byte(isLive && put.Has(PutOptions.ReturnPrevious) ? (byte)1 : (byte)0);
        if (isLive && put.Has(PutOptions.ReturnPrevious)) AnswerWriter.KeyValue(answer, Shown(previous));

        var revision = Revision + 1;
        var lease = put.Has(PutOptions.KeepLease) && !probe.Plants(StoreMutant.KeptLeaseLost) ? previous.Lease : put.Lease;
        var record = new Record
        {
            Previous = newest, Modified = revision, Key = put.Key, Lease = lease,
            Value = put.Has(PutOptions.KeepValue) ? previous.Value : put.Value,
            Created = isLive && !probe.Plants(StoreMutant.CreatedNotKept) ? previous.Created : revision,
            Version = isLive ? previous.Version + 1 : probe.Plants(StoreMutant.VersionNotRestarted) && found ? 2 : 1,
        };
        var hash = Hash64.OfRecord(record);
        var reference = memory.Add(record, hash);
        ContentSum += hash - HashOf(newest);
        if (found) memory.Keys.Swing(ref path, reference, isLive ? 0 : 1);
        else memory.Keys.Insert(ref path, put.Key, reference, live: 1);
        MoveLease(previous.Lease, lease, put.Key);
        Changed(reference);
    }

    /// <summary>Deletes the live keys of the range and writes how many, and what they were if that is asked for.</summary>
    internal void Delete(in DeleteCommand delete, ByteWriter answer)
    {
        _doomed.Clear();
        Collect(new KeyBounds(delete.Key, delete.End));
        answer.Varint((ulong)_doomed.Count);
        answer.Varint(delete.ReturnPrevious ? (ulong)_doomed.Count : 0);
        foreach (var reference in _doomed)
        {
            var record = memory.Records.Reader.Read(reference);
            if (delete.ReturnPrevious) AnswerWriter.KeyValue(answer, record);
            Delete(record);
        }

        if (_doomed.Count == 0 && probe.Plants(StoreMutant.DeleteOfNothingCounts)) HasChanged = true;
    }

    /// <summary>Deletes the keys of a lease, in their order.</summary>
    internal void DeleteKeysOf(long lease)
    {
        _doomed.Clear();
        var reader = _leaseKeys.Reader;
        for (var more = LeaseKeyIndex.First(reader, lease, out var path); more; more = reader.Settle(ref path))
        {
            if (!LeaseKeyIndex.TryTake(reader, memory.Records.Reader, lease, path, out var key)) break;
            _doomed.Add(memory.Keys.Reader.Find(key));
            path.MoveOn();
        }

        if (probe.Plants(StoreMutant.RevokeOutOfOrder)) _doomed.Reverse();
        if (probe.Plants(StoreMutant.RevokeKeepsLastKey) && _doomed.Count > 1) _doomed.RemoveAt(_doomed.Count - 1);
        foreach (var reference in _doomed) Delete(memory.Records.Reader.Read(reference));
    }

    /// <summary>A record as a snapshot has it: no answer, no new revision.</summary>
    internal void Restore(in Record restored, bool isEvent)
    {
        var found = memory.Keys.Reader.Descend(restored.Key, out var path);
        var newest = found ? memory.Keys.Reader.ReferenceAt(path) : 0;
        var previous = memory.Records.Reader.Read(newest);
        var wasLive = found && !previous.IsDelete;
        var hash = restored.IsDelete ? 0 : Hash64.OfRecord(restored);
        var reference = memory.Add(
            new Record
            {
                Previous = newest, Modified = restored.Modified, Created = restored.Created, Version = restored.Version,
                Lease = restored.Lease, IsDelete = restored.IsDelete, Key = restored.Key, Value = restored.Value,
            }, hash);
        ContentSum += hash - HashOf(newest);
        var live = (restored.IsDelete ? 0 : 1) - (wasLive ? 1 : 0);
        if (found) memory.Keys.Swing(ref path, reference, live);
        else memory.Keys.Insert(ref path, restored.Key, reference, live);
        MoveLease(previous.Lease, restored.Lease, restored.Key);
        if (isEvent) memory.Events.Append(restored.Modified, reference);
    }

    private Record Shown(in Record previous) =>
        probe.Plants(StoreMutant.PreviousOfWrongRevision) && previous.Previous != 0
            ? memory.Records.Reader.Read(previous.Previous) : previous;

    private void Collect(in KeyBounds bounds)
    {
        var reader = memory.Keys.Reader;
        var found = reader.Descend(bounds.Key, out var path);
        if (bounds.IsSingle)
        {
            if (found) AddIfLive(reader.ReferenceAt(path));
            return;
        }

        for (; reader.Settle(ref path); path.MoveOn())
        {
            var reference = reader.ReferenceAt(path);
            if (!bounds.Reaches(memory.Records.Reader.Key(reference))) return;
            AddIfLive(reference);
        }
    }

    private void AddIfLive(ulong reference)
    {
        if (!memory.Records.Reader.IsDelete(reference)) _doomed.Add(reference);
    }

    private void Delete(in Record record)
    {
        memory.Keys.Reader.Descend(record.Key, out var path);
        var reference = memory.Add(
            new Record { Previous = record.Reference, Modified = Revision + 1, IsDelete = true, Key = record.Key }, 0);
        if (!probe.Plants(StoreMutant.ContentHashForgetsDelete)) ContentSum -= HashOf(record.Reference);
        memory.Keys.Swing(ref path, reference, -1);
        MoveLease(record.Lease, 0, record.Key);
        Changed(reference);
    }

    private void MoveLease(long from, long to, ReadOnlySpan<byte> key)
    {
        if (from == to) return;
        if (from != 0 && !probe.Plants(StoreMutant.LeaseNotDetached)) _leaseKeys.Detach(from, key);
        if (to != 0) _leaseKeys.Attach(to, key);
    }

    private ulong HashOf(ulong reference) => reference == 0 ? 0 : memory.Records.Words(reference)[RecordCodec.HashWord];

    private void Changed(ulong reference)
    {
        memory.Events.Append(Revision + 1, reference);
        HasChanged = true;
        if (probe.Plants(StoreMutant.TxnRevisionEachOperation)) End();
    }
}

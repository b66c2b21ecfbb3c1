using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Events;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Ranges;
using Balsa.KeyValue.Transactions;
using Balsa.KeyValue.Trees;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Store;

/// <summary>
/// The state as of one revision. It never changes and any thread may read it, as long as the store is told of its floor:
/// what the floor of a view in use shows is not freed.
/// </summary>
public abstract class StoreView
{
    private protected StoreView(StateReader state, TreeReader leaseKeys, EventRows events, long epoch, long keys) =>
        (State, LeaseKeys, Events, Epoch, Keys) = (state, leaseKeys, events, epoch, keys);

    /// <summary>Counts published views.</summary>
    public long Epoch { get; }

    public long Revision => State.Newest;

    /// <summary>Older revisions cannot be asked for; -1: nothing was ever compacted.</summary>
    public long Compacted => State.Compacted;

    /// <summary>Live keys.</summary>
    public long Keys { get; }

    /// <summary>What the store must keep while this view is used.</summary>
    public ReaderFloor Floor => new(Epoch, Compacted);

    /// <summary>
    /// One past the number of the newest event. There is one event a mutation of a key, in order of revision and operation.
    /// </summary>
    public long EventsEnd => Events.End;

    internal StateReader State { get; }

    internal TreeReader LeaseKeys { get; }

    internal EventRows Events { get; }

    /// <summary>Writes the whole answer: <see cref="Answer.ReadRange"/> takes it apart.</summary>
    /// <param name="room">To work in. Who reads often keeps one for each thread.</param>
    public abstract void Range(in RangeQuery query, ByteWriter answer, List<ulong>? room = null);

    /// <summary>Runs a transaction that only reads, and writes the whole answer. Throws when it could write.</summary>
    public abstract void Txn(ReadOnlySpan<byte> body, ByteWriter answer);

    /// <summary>The first kept event at or after that revision; the end when there is none.</summary>
    public long SeekEvent(long revision) => Events.Seek(Math.Max(revision, Compacted));

    /// <summary>The event of that number; Reference 0 when it happened before the compacted revision.</summary>
    public Record Event(long sequence) =>
        Events.RevisionAt(sequence) < Compacted ? default : State.Records.Read(Events.At(sequence));

    /// <summary>The revision of an event.</summary>
    public long EventRevision(long sequence) => Events.RevisionAt(sequence);

    public Record Read(ulong reference) => State.Records.Read(reference);

    /// <summary>The newest version of the key, which may be a delete; Reference 0 when there is none.</summary>
    public Record Newest(ReadOnlySpan<byte> key) => State.Records.Read(State.Records.At(State.Tree.Find(key), Revision));

    /// <summary>The live version just before this one; false for a creation, or when what was before has been compacted.</summary>
    public bool TryPrevious(scoped in Record record, out Record previous)
    {
        previous = default;
        if (!record.IsDelete && record.Created == record.Modified) return false;
        if (record.Previous == 0 || record.Modified <= Compacted) return false;
        previous = State.Records.Read(record.Previous);
        // A transaction may change a key twice, and both times what was before is what was before the transaction.
        while (previous.Modified == record.Modified && previous.Previous != 0) previous = State.Records.Read(previous.Previous);
        return !previous.IsDelete && previous.Modified < record.Modified;
    }

    /// <summary>The keys that belong to a lease, in their order.</summary>
    public void CopyLeaseKeys(long lease, ICollection<byte[]> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        for (var more = LeaseKeyIndex.First(LeaseKeys, lease, out var path); more; more = LeaseKeys.Settle(ref path))
        {
            if (!LeaseKeyIndex.TryTake(LeaseKeys, State.Records, lease, path, out var key)) return;
            into.Add(key.ToArray());
            path.MoveOn();
        }
    }

    /// <summary>
    /// A hash of all that can be asked for at the revision (0: the newest): equal on all members, however far each has
    /// come with freeing what was compacted.
    /// </summary>
    public StoreError Hash(long revision, out uint hash) => HistoryHasher.Hash(this, revision, out hash);
}

/// <summary>A view that answers as the store does that made it.</summary>
internal sealed class StoreView<TProbe>(
    StateReader state, TreeReader leaseKeys, EventRows events, long epoch, long keys, StoreOptions options, TProbe probe)
    : StoreView(state, leaseKeys, events, epoch, keys) where TProbe : struct, IStoreProbe
{
    public override void Range(in RangeQuery query, ByteWriter answer, List<ulong>? room = null)
    {
        var begin = answer.Length;
        var runner = new RangeRunner<TProbe>(State, probe);
        var error = RangeRunner<TProbe>.CheckShape(query);
        if (error == StoreError.None) error = runner.Check(query, isInTxn: false);
        AnswerWriter.Head(answer, error, Revision);
        if (error == StoreError.None) runner.Answer(query, room ?? [], answer);
        if (AnswerWriter.IsTooLong(answer)) Refuse(answer, begin, StoreError.AnswerTooLarge);
    }

    public override void Txn(ReadOnlySpan<byte> body, ByteWriter answer)
    {
        var begin = answer.Length;
        var error = new TxnShape<TProbe>(body, options, probe).Check();
        if (error == StoreError.None && TxnEffects.Of(body).Writes)
            throw new ArgumentException("This transaction may write, and must go through the log.", nameof(body));
        AnswerWriter.Head(answer, error, Revision);
        if (error != StoreError.None) return;
        error = new TxnRunner<TProbe>(State, probe).Run(body, answer);
        if (error != StoreError.None) Refuse(answer, begin, error);
        else if (AnswerWriter.IsTooLong(answer)) Refuse(answer, begin, StoreError.AnswerTooLarge);
    }

    private void Refuse(ByteWriter answer, int begin, StoreError error)
    {
        answer.CutTo(begin);
        AnswerWriter.Head(answer, error, Revision);
    }
}

using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Events;
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

    /// <summary>One past the number of the newest event. There is one event a mutation of a key, in order of revision and operation.</summary>
    public long EventsEnd => Events.End;

    internal StateReader State { get; }

    internal TreeReader LeaseKeys { get; }

    internal EventRows Events { get; }

    /// <summary>Writes the whole answer: <see cref="Answer.ReadRange"/> takes it apart.</summary>
    public abstract void Range(in RangeQuery query, ByteWriter answer);

    /// <summary>Runs a transaction that only reads, and writes the whole answer. Throws when it could write.</summary>
    public abstract void Txn(ReadOnlySpan<byte> body, ByteWriter answer);

    /// <summary>The first kept event at or after that revision; the end when there is none.</summary>
    public long SeekEvent(long revision) => Events.Seek(Math.Max(revision, Compacted));

    /// <summary>
    /// The event of that number. Reference 0: it is gone, because at the compacted revision only what the keys are then is left.
    /// </summary>
    public Record Event(long sequence) =>
        EventReader.Read(Events, State.Records, sequence, Compacted);

    /// <summary>The revision of an event, also of one that is gone.</summary>
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
    public override void Range(in RangeQuery query, ByteWriter answer)
    {
        var runner = new RangeRunner<TProbe>(State, probe);
        var error = RangeRunner<TProbe>.CheckShape(query);
        if (error == StoreError.None) error = runner.Check(query, isInTxn: false);
        AnswerWriter.Head(answer, error, Revision);
        if (error == StoreError.None) runner.Answer(query, [], answer);
    }

    public override void Txn(ReadOnlySpan<byte> body, ByteWriter answer)
    {
        var error = new TxnShape<TProbe>(body, options, probe).Check();
        if (error == StoreError.None && TxnEffects.Of(body).Writes)
            throw new ArgumentException("This transaction may write, and must go through the log.", nameof(body));
        AnswerWriter.Head(answer, error, Revision);
        if (error != StoreError.None) return;
        var head = answer.Length;
        error = new TxnRunner<TProbe>(State, probe).Run(body, answer);
        if (error == StoreError.None) return;
        answer.CutTo(head - AnswerWriter.HeadBytes(Revision));
        AnswerWriter.Head(answer, error, Revision);
    }
}

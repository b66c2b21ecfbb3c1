using Balsa.KeyValue.Watches.Lanes;

namespace Balsa.KeyValue.Watches;

/// <summary>The watchers of one client, who share one way out.</summary>
#pragma warning disable CA1711 // The field calls it a stream, and so does the protocol.
public sealed class WatchStream
#pragma warning restore CA1711
{
    private readonly Dictionary<long, int> _slots = [];
    private Queue<WatchAnswer>? _answers;
    private long _nextId;

    internal WatchStream(IWatchSink sink, WatcherTable watchers)
    {
        Sink = sink;
        Timer = new LinkedListNode<WatchStream>(this);
        Members = new WatcherList(watchers, ofStream: true);
        Parked = new WaitingHeap(watchers);
    }

    public int Watchers => Members.Count;

    /// <summary>Answers that had no room yet. A host that reads no more requests while there are some keeps them few.</summary>
    public int AnswersWaiting => _answers?.Count ?? 0;

    internal IWatchSink Sink { get; }

    internal WatcherList Members { get; }

    /// <summary>Those who had something to send when there was no room.</summary>
    internal WaitingHeap Parked { get; }

    internal bool IsClosed { get; set; }

    /// <summary>The sink refused something and did not ask for more since. While answers wait it is full.</summary>
    internal bool IsFull { get; set; }

    internal bool IsResumed { get; set; }

    /// <summary>How many watchers lag.</summary>
    internal int Behind { get; set; }

    /// <summary>The client asked for a sign of progress: once at this revision, and perhaps again at a later one. 0: no.</summary>
    internal long Asked { get; set; }

    internal long AskedLast { get; set; }

    /// <summary>No sign of progress for all watchers may tell an older revision. Below 0: to be found out.</summary>
    internal long ProgressFrom { get; set; }

    /// <summary>Its place among the streams that wait to be notified.</summary>
    internal LinkedListNode<WatchStream> Timer { get; }

    internal bool IsTimed => Timer.List is not null;

    internal bool IsNotifying { get; set; }

    internal long NotifyAt { get; set; }

    /// <summary>False: the id is in use. 0 is no id: the smallest that was never given here.</summary>
    internal bool TryName(ref long id)
    {
        if (id != 0) return !_slots.ContainsKey(id);
        while (_slots.ContainsKey(_nextId)) _nextId++;
        id = _nextId++;
        return true;
    }

    internal void Add(long id, int slot)
    {
        _slots.Add(id, slot);
        Members.Add(slot);
    }

    internal void Remove(long id, int slot)
    {
        _slots.Remove(id);
        Members.Remove(slot);
    }

    internal bool TryFind(long id, out int slot) => _slots.TryGetValue(id, out slot);

    /// <summary>Answers leave in the order in which they were given, and no event overtakes one.</summary>
    internal void Answer(in WatchAnswer answer)
    {
        if (!IsFull && answer.TrySend(Sink)) return;
        IsFull = true;
        _answers ??= new Queue<WatchAnswer>();
        _answers.Enqueue(answer);
    }

    internal void ForgetAnswers() => _answers = null;

    /// <summary>There is room again, first for the answers that wait.</summary>
    internal void SendAnswers()
    {
        IsFull = false;
        while (!IsFull && AnswersWaiting > 0)
        {
            IsFull = !_answers!.Peek().TrySend(Sink);
            if (!IsFull) _answers.Dequeue();
        }
    }
}

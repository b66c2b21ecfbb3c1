using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Slots;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Sessions;

/// <summary>
/// Who may repeat a request, and what it was answered the first time: replicated state that makes a retry run once. All of
/// it is decided by log time and by the order of commands, so every member forgets the same at the same entry.
/// </summary>
internal sealed class SessionTable<TProbe> : ICapturedItems
    where TProbe : struct, IStoreProbe
{
    private readonly StoreOptions _options;
    private readonly TProbe _probe;
    private readonly SlotArray<Session> _sessions = new();
    private readonly IdIndex _slots = new();
    private readonly CapturedOrder _order;
    private readonly DeadlineHeap _deadlines = new();
    private readonly AnswerBudget _budget = new();
    private readonly ByteWriter _scratch = new();

    /// <summary>The newest session ever opened here: the indexes of entries only grow.</summary>
    private ulong _newest;
    private long _uses;
    private long? _usesToCapture;

    internal SessionTable(StoreOptions options, TProbe probe = default)
    {
        _options = options;
        _probe = probe;
        _order = new CapturedOrder(this);
    }

    internal int Count => _slots.Count;

    /// <summary>Bytes of the answers of all sessions.</summary>
    internal long AnswerBytes => _budget.Bytes;

    /// <summary>The sum over all sessions and their requests.</summary>
    internal ulong ContentHash { get; private set; }

    internal bool Contains(ulong session) => _slots.Contains((long)session);

    /// <summary>A new session, named by the index of its entry. At the limit it is refused: a live session never has to go.</summary>
    internal StoreError Open(LogIndex index, long logTime, long seconds)
    {
        if (seconds is < 1 or > Session.SecondsMax) return StoreError.Malformed;
        if (Count >= _options.SessionsMax) Expire(logTime, 1);
        if (Count >= _options.SessionsMax)
        {
            if (!_probe.Plants(StoreMutant.LiveSessionEvicted) || Count == 0) return StoreError.SessionLimit;
            Drop(_deadlines.FirstSlot);
        }

        var answers = new SessionAnswers(index.Value, _scratch);
        Add(new Session { Id = index.Value, Seconds = seconds, LastUse = logTime, Use = ++_uses, Answers = answers });
        return StoreError.None;
    }

    /// <summary>False when there is no such session.</summary>
    internal bool Close(ulong session)
    {
        if (!_slots.TryFind((long)session, out var slot)) return false;
        Drop(slot);
        return true;
    }

    /// <summary>
    /// Asked before a command of a session runs. It is a sign of life. Request 0 runs whenever it comes; any other runs once.
    /// </summary>
    internal SessionVerdict Begin(ulong session, ulong request, long logTime)
    {
        if (!_slots.TryFind((long)session, out var slot) || IsOver(slot, logTime)) return SessionVerdict.Unknown;
        Touch(slot, logTime);
        if (request == 0 || _probe.Plants(StoreMutant.RequestRunsAgain)) return SessionVerdict.Run;
        ref var state = ref _sessions[slot];
        var place = state.Answers.Find(request);
        if (place < 0) return request > state.Floor ? SessionVerdict.Run : SessionVerdict.TooOld;
        if (_probe.Plants(StoreMutant.AnswerOfNewestRequest)) place = state.Answers.Count - 1;
        return state.Answers.Repeat(place);
    }

    /// <summary>
    /// Keeps the answer to a request that ran. The command may have ended its own session: then nobody will ask again.
    /// </summary>
    internal void Remember(ulong session, ulong request, long revision, ReadOnlySpan<byte> answer)
    {
        if (request == 0 || !_slots.TryFind((long)session, out var slot)) return;
        ref var state = ref _sessions[slot];
        if (request <= state.Floor || state.Answers.Find(request) >= 0) return;
        if (state.Use == _uses) _order.BeforeChange(slot);
        else Touch(slot, state.LastUse);
        if (HasPlace(slot, request))
        {
            var keeps = MakeRoom(slot, answer.Length);
            var before = state.Answers.Bytes;
            state.Answers.Add(request, revision, keeps, answer);
            _budget.OnChanged(slot, before, state.Answers.Bytes);
        }

        AfterChange(slot);
    }

    /// <summary>Ends sessions that gave no sign of life for longer than their time, the longest overdue first.</summary>
    internal void Expire(long logTime, int max)
    {
        if (_probe.Plants(StoreMutant.ExpiredSessionRuns)) return;
        for (; max > 0 && logTime > _deadlines.FirstAt; max--) Drop(_deadlines.FirstSlot);
    }

    /// <summary>From here on the sessions are captured as they are now, in the order in which they were opened.</summary>
    internal void BeginCapture()
    {
        _order.BeginCapture();
        _usesToCapture = _uses;
    }

    /// <summary>Writes the next sessions of the capture; true when it is finished.</summary>
    internal bool CaptureSlice(ByteWriter into, int itemsMax)
    {
        if (_usesToCapture is { } uses) SessionFormat.WriteUses(into, uses);
        _usesToCapture = null;
        return _order.CaptureSlice(into, itemsMax);
    }

    internal void EndCapture() => _order.EndCapture();

    /// <summary>Takes the next captured item in. False when the bytes are none, or one that cannot follow those before.</summary>
    internal bool TryRestoreItem(ref ByteReader from)
    {
        if (!SessionFormat.TryReadKind(ref from, out var isSession)) return false;
        if (!isSession) return Count == 0 && _uses == 0 && SessionFormat.TryReadUses(ref from, out _uses);
        if (Count >= _options.SessionsMax || !SessionFormat.TryRead(ref from, _options, _scratch, out var session)) return false;
        if (session.Use > _uses || session.Id <= _newest) return false;
        Add(session);
        return true;
    }

    /// <summary>After the last item: puts the sessions into the order of their use. False when there is no such order.</summary>
    internal bool TryEndRestore()
    {
        var slots = new int[Count];
        var count = 0;
        for (var slot = 0; slot < _sessions.Length; slot++)
        {
            if (_sessions[slot].Id != 0) slots[count++] = slot;
        }

        Array.Sort(slots, (a, b) => _sessions[a].Use.CompareTo(_sessions[b].Use));
        for (var i = 0; i < slots.Length; i++)
        {
            if (i > 0 && _sessions[slots[i]].Use == _sessions[slots[i - 1]].Use) return false;
            _budget.OnChanged(slots[i], 0, _sessions[slots[i]].Answers.Bytes);
        }

        return _budget.Bytes <= _options.AnswerBytesMax;
    }

    void ICapturedItems.WriteItem(int slot, ByteWriter into) => SessionFormat.Write(into, _sessions[slot]);

    private bool IsOver(int slot, long logTime) =>
        logTime > _sessions[slot].Deadline && !_probe.Plants(StoreMutant.ExpiredSessionRuns);

    private void Add(Session session)
    {
        Invariant.Check(session.Id > _newest);
        _newest = session.Id;
        var slot = _order.Add();
        _sessions.Reach(slot);
        _sessions[slot] = session;
        _slots.Add((long)session.Id, slot);
        _deadlines.Add(slot, session.Deadline, (long)session.Id);
        AfterChange(slot);
    }

    private void Drop(int slot)
    {
        _order.Remove(slot);
        ref var state = ref _sessions[slot];
        _deadlines.Remove(slot);
        _budget.OnChanged(slot, state.Answers.Bytes, 0);
        _slots.Remove((long)state.Id, out _);
        ContentHash -= state.Counted;
        state = default;
    }

    private void Touch(int slot, long logTime)
    {
        _order.BeforeChange(slot);
        ref var state = ref _sessions[slot];
        state.LastUse = Math.Max(state.LastUse, logTime);
        state.Use = ++_uses;
        _deadlines.Move(slot, state.Deadline);
        _budget.OnUsed(slot);
        AfterChange(slot);
    }

    private void AfterChange(int slot)
    {
        ref var state = ref _sessions[slot];
        ContentHash -= state.Counted;
        state.Counted = state.Hash;
        ContentHash += state.Counted;
    }

    /// <summary>
    /// Forgets the oldest request when there are enough. False when that is the new one: many newer ones overtook it, and
    /// only the floor remembers that it ran.
    /// </summary>
    private bool HasPlace(int slot, ulong request)
    {
        ref var state = ref _sessions[slot];
        if (state.Answers.Count < _options.SessionAnswersMax) return true;
        if (state.Answers.Count == 0 || request < state.Answers.Oldest)
        {
            state.Floor = request;
            return false;
        }

        state.Floor = state.Answers.Oldest;
        var before = state.Answers.Bytes;
        state.Answers.ForgetOldest();
        _budget.OnChanged(slot, before, state.Answers.Bytes);
        return true;
    }

    /// <summary>
    /// Forgets answers until one more is within the bounds: the oldest of this session, then all of the sessions that were
    /// used longest ago. False when it alone is too large.
    /// </summary>
    private bool MakeRoom(int slot, int length)
    {
        if (length > Math.Min(_options.SessionAnswerBytesMax, _options.AnswerBytesMax)) return false;
        var answers = _sessions[slot].Answers;
        var before = answers.Bytes;
        while (answers.Bytes + length > _options.SessionAnswerBytesMax) answers.ForgetOldestAnswer();
        _budget.OnChanged(slot, before, answers.Bytes);
        while (_budget.Bytes + length > _options.AnswerBytesMax)
        {
            var least = _budget.LeastUsed;
            _order.BeforeChange(least);
            var forgotten = _sessions[least].Answers;
            before = forgotten.Bytes;
            forgotten.ForgetAnswers();
            _budget.OnChanged(least, before, 0);
            AfterChange(least);
        }

        return true;
    }
}

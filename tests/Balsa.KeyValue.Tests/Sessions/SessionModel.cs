using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Tests.Sessions;

/// <summary>What the table does, said with lists and without a thought for speed.</summary>
internal sealed class SessionModel(StoreOptions options)
{
    private readonly List<Entry> _sessions = [];
    private long _uses;

    internal int Count => _sessions.Count;

    internal long AnswerBytes => _sessions.Sum(session => session.Bytes);

    internal IReadOnlyList<ulong> Ids => [.. _sessions.Select(session => session.Id)];

    internal StoreError Open(ulong id, long now, long seconds)
    {
        if (seconds < 1 || seconds > 30 * 86_400) return StoreError.Malformed;
        if (Count >= options.SessionsMax) Expire(now, 1);
        if (Count >= options.SessionsMax) return StoreError.SessionLimit;
        _sessions.Add(new Entry(id, seconds) { LastUse = now, Use = ++_uses });
        return StoreError.None;
    }

    internal bool Close(ulong id) => _sessions.RemoveAll(session => session.Id == id) > 0;

    internal string Ask(ulong id, ulong request, long now)
    {
        var session = _sessions.Find(entry => entry.Id == id && now <= entry.Deadline);
        if (session is null) return nameof(StoreError.SessionUnknown);
        session.LastUse = Math.Max(session.LastUse, now);
        session.Use = ++_uses;
        if (request == 0) return "run";
        if (!session.Requests.TryGetValue(request, out var done))
        {
            return request > session.Floor ? "run" : nameof(StoreError.RequestTooOld);
        }

        return done.Answer is null ? $"done at {done.Revision}" : $"{done.Revision}: {Convert.ToHexString(done.Answer)}";
    }

    internal void Remember(ulong id, ulong request, long revision, byte[] answer)
    {
        var session = _sessions.Find(entry => entry.Id == id);
        if (session is null || request == 0 || request <= session.Floor || session.Requests.ContainsKey(request)) return;
        if (session.Use != _uses) session.Use = ++_uses;
        session.Requests[request] = (revision, null);
        if (session.Requests.Count > options.SessionAnswersMax)
        {
            session.Floor = session.Requests.Keys.First();
            session.Requests.Remove(session.Floor);
            if (session.Floor == request) return;
        }

        if (answer.Length > options.SessionAnswerBytesMax || answer.Length > options.AnswerBytesMax) return;
        while (session.Bytes + answer.Length > options.SessionAnswerBytesMax) session.Forget(all: false);
        while (AnswerBytes + answer.Length > options.AnswerBytesMax)
        {
            _sessions.Where(entry => entry.Bytes > 0).MinBy(entry => entry.Use)!.Forget(all: true);
        }

        session.Requests[request] = (revision, answer);
    }

    internal void Expire(long now, int max)
    {
        var over = _sessions.Where(session => now > session.Deadline).OrderBy(session => session.Deadline).ThenBy(session => session.Id);
        foreach (var session in over.Take(max).ToList()) _sessions.Remove(session);
    }

    /// <summary>The bytes that a capture must give.</summary>
    internal byte[] Encode()
    {
        var bytes = new ByteWriter();
        bytes.Byte(0);
        bytes.Varint(_uses);
        foreach (var session in _sessions) session.Write(bytes);
        return bytes.Written.ToArray();
    }

    private sealed class Entry(ulong id, long seconds)
    {
        internal ulong Id => id;

        internal long LastUse { get; set; }

        internal long Use { get; set; }

        internal ulong Floor { get; set; }

        internal SortedDictionary<ulong, (long Revision, byte[]? Answer)> Requests { get; } = [];

        internal long Deadline => LastUse + seconds * TimeSpan.TicksPerSecond;

        internal long Bytes => Requests.Values.Sum(done => (long)(done.Answer?.Length ?? 0));

        internal void Forget(bool all)
        {
            var kept = Requests.Where(pair => pair.Value.Answer is { Length: > 0 }).Select(pair => pair.Key).ToList();
            foreach (var request in all ? kept : kept.Take(1)) Requests[request] = (Requests[request].Revision, null);
        }

        internal void Write(ByteWriter into)
        {
            into.Byte(1);
            into.Varint(id);
            into.Varint(seconds);
            into.Varint(LastUse);
            into.Varint(Use);
            into.Varint(Floor);
            into.Varint((ulong)Requests.Count);
            foreach (var (request, (revision, answer)) in Requests)
            {
                into.Varint(request);
                into.Varint(revision);
                into.Byte(answer is null ? (byte)0 : (byte)1);
                if (answer is not null) into.Bytes(answer);
            }
        }
    }
}

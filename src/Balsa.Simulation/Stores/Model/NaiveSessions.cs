using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Store;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Sessions and the answers they may ask for again.</summary>
internal sealed class NaiveSessions(StoreOptions options)
{
    internal const long SecondsMax = 30 * 86_400;

    private readonly SortedDictionary<ulong, Session> _sessions = [];
    private long _uses;

    internal IReadOnlyList<ulong> Open => [.. _sessions.Keys];

    internal StoreError TryOpen(ulong index, long logTime, long seconds)
    {
        if (seconds is < 1 or > SecondsMax) return StoreError.Malformed;
        if (_sessions.Count >= options.SessionsMax) return StoreError.SessionLimit;
        _sessions.Add(index, new Session { Seconds = seconds, LastUse = logTime, Use = ++_uses });
        return StoreError.None;
    }

    internal void Close(ulong session) => _sessions.Remove(session);

    internal void Expire(long logTime)
    {
        foreach (var (id, session) in _sessions.ToList())
            if (logTime - session.LastUse > session.Seconds * TimeSpan.TicksPerSecond) _sessions.Remove(id);
    }

    /// <summary>Null when the request is to be run; otherwise its answer.</summary>
    internal Answer? Begin(ulong id, ulong request, CommandKind kind, long logTime, long revision)
    {
        if (!_sessions.TryGetValue(id, out var session))
            return new Answer { Error = StoreError.SessionUnknown, Revision = revision };
        session.LastUse = logTime;
        session.Use = ++_uses;
        if (request == 0) return null;
        if (session.Notes.TryGetValue(request, out var note))
        {
            if (note.Answer is null) return new Answer { Error = StoreError.AnswerNotKept, Revision = note.Revision };
            // The same number for another kind of request is a mistake, and whoever makes it could not read the first answer.
            return note.Kind == kind ? note.Answer : new Answer { Error = StoreError.Malformed, Revision = revision };
        }

        return request > session.Floor ? null : new Answer { Error = StoreError.RequestTooOld, Revision = revision };
    }

    internal void Remember(ulong id, ulong request, CommandKind kind, Answer answer, int bytes)
    {
        if (request == 0 || !_sessions.TryGetValue(id, out var session)) return;
        if (session.Notes.Count >= options.SessionAnswersMax)
        {
            var oldest = session.Notes.Count == 0 ? ulong.MaxValue : session.Notes.Keys.First();
            session.Floor = Math.Min(oldest, request);
            if (request < oldest) return;
            session.Drop(oldest);
        }

        var isKept = bytes <= options.SessionAnswerBytesMax && bytes <= options.AnswerBytesMax;
        if (isKept) MakeRoom(session, bytes);
        session.Keep(request, new Note(kind, answer.Revision, isKept ? answer : null, isKept ? bytes : 0));
    }

    private void MakeRoom(Session session, int bytes)
    {
        while (session.Bytes + bytes > options.SessionAnswerBytesMax)
            session.Forget(session.Notes.First(pair => pair.Value.Bytes > 0).Key);
        while (_sessions.Values.Sum(other => other.Bytes) + bytes > options.AnswerBytesMax)
        {
            var least = _sessions.Values.Where(other => other.Bytes > 0).MinBy(other => other.Use)!;
            foreach (var request in least.Notes.Keys.ToList()) least.Forget(request);
        }
    }

    private sealed record Note(CommandKind Kind, long Revision, Answer? Answer, int Bytes);

    private sealed class Session
    {
        internal long Seconds { get; init; }

        internal long LastUse { get; set; }

        internal long Use { get; set; }

        /// <summary>Requests up to this one cannot be told from each other any more.</summary>
        internal ulong Floor { get; set; }

        internal SortedDictionary<ulong, Note> Notes { get; } = [];

        /// <summary>Of all its notes, kept as a sum: every command asks for it.</summary>
        internal long Bytes { get; private set; }

        internal void Keep(ulong request, Note note)
        {
            Notes.Add(request, note);
            Bytes += note.Bytes;
        }

        internal void Drop(ulong request)
        {
            Bytes -= Notes[request].Bytes;
            Notes.Remove(request);
        }

        internal void Forget(ulong request)
        {
            Bytes -= Notes[request].Bytes;
            Notes[request] = Notes[request] with { Answer = null, Bytes = 0 };
        }
    }
}

namespace Balsa.Hosting.Sessions;

/// <summary>
/// The part of every hosted state that makes a repeated command run once. It decides by log time and by the order of commands
/// only, so all members forget the same at the same entry; the limits are part of that and must not differ between builds.
/// </summary>
internal sealed class SessionTable
{
    internal const int SessionsMax = 1024, RequestsMax = 4096, SessionBytesMax = 256 << 10;
    internal const long AllBytesMax = 32 << 20, SecondsMax = 30 * 86_400;

    private readonly SortedDictionary<ulong, Session> _sessions = [];

    internal int Count => _sessions.Count;

    /// <summary>Of all answers that are kept.</summary>
    internal long Bytes { get; private set; }

    /// <summary>False at the limit: a live session never has to go for a new one.</summary>
    internal bool TryOpen(ulong index, long seconds, long logTime)
    {
        foreach (var over in _sessions.Values.Where(session => session.IsOver(logTime)).ToArray()) Close(over.Id);
        if (_sessions.Count >= SessionsMax) return false;
        _sessions.Add(index, new Session(index, Math.Clamp(seconds, 1, SecondsMax)) { LastUse = logTime });
        return true;
    }

    internal void Close(ulong session)
    {
        if (_sessions.Remove(session, out var closed)) Bytes -= closed.Bytes;
    }

    /// <summary>Asked before a command runs. It is a sign of life.</summary>
    /// <param name="answeredBelow">The sender has the answers to all requests below this one.</param>
    internal RequestVerdict Begin(
        ulong session, ulong request, ulong answeredBelow, long logTime, out ulong index, out ReadOnlySpan<byte> answer)
    {
        index = 0;
        answer = default;
        if (!_sessions.TryGetValue(session, out var found) || found.IsOver(logTime)) return RequestVerdict.UnknownSession;
        found.LastUse = Math.Max(found.LastUse, logTime);
        Bytes -= found.Bytes;
        found.Forget(answeredBelow);
        Bytes += found.Bytes;
        if (found.TryFind(request, out index, out var kept))
        {
            answer = kept;
            return kept is null ? RequestVerdict.NotKept : RequestVerdict.Repeated;
        }

        return request < found.Floor ? RequestVerdict.TooOld : RequestVerdict.Runs;
    }

    /// <summary>A request that began here has run.</summary>
    internal void End(ulong session, ulong request, ulong index, ReadOnlySpan<byte> answer, bool keeps)
    {
        var found = _sessions[session];
        Bytes -= found.Bytes;
        found.Add(request, index, keeps ? answer.ToArray() : null);
        Bytes += found.Bytes;
        MakeRoom();
    }

    internal void Write(BinaryWriter into)
    {
        into.Write(_sessions.Count);
        foreach (var session in _sessions.Values) session.Write(into);
    }

    internal static SessionTable Read(BinaryReader from)
    {
        var table = new SessionTable();
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var session = Session.Read(from);
            table._sessions.Add(session.Id, session);
            table.Bytes += session.Bytes;
        }

        return table;
    }

    /// <summary>All answers of the sessions that were used longest ago; that their requests ran stays known.</summary>
    private void MakeRoom()
    {
        while (Bytes > AllBytesMax)
        {
            var least = _sessions.Values.Where(session => session.Bytes > 0).MinBy(session => (session.LastUse, session.Id))!;
            Bytes -= least.Bytes;
            least.ForgetAnswers();
        }
    }
}

/// <summary>What is to be done with a request.</summary>
internal enum RequestVerdict : byte
{
    Runs,

    /// <summary>It ran before, and this was its answer.</summary>
    Repeated,

    /// <summary>It ran before, and its answer is not kept.</summary>
    NotKept,

    /// <summary>Whether it ran is not known any more.</summary>
    TooOld,

    UnknownSession,
}

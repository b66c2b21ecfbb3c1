using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Sessions;

/// <summary>
/// Sessions in a snapshot:
/// <code>
/// first    0 | uses so far
/// session  1 | id | seconds | last use | number of that use | floor | answers (see SessionAnswers)
/// </code>
/// </summary>
internal static class SessionFormat
{
    private const byte UsesKind = 0, SessionKind = 1;

    internal static void WriteUses(ByteWriter into, long uses)
    {
        into.Byte(UsesKind);
        into.Varint(uses);
    }

    internal static void Write(ByteWriter into, in Session session)
    {
        into.Byte(SessionKind);
        into.Varint(session.Id);
        into.Varint(session.Seconds);
        into.Varint(session.LastUse);
        into.Varint(session.Use);
        into.Varint(session.Floor);
        session.Answers.Write(into);
    }

    internal static bool TryReadKind(ref ByteReader from, out bool isSession)
    {
        var kind = from.Byte();
        isSession = kind == SessionKind;
        return !from.Failed && kind <= SessionKind;
    }

    internal static bool TryReadUses(ref ByteReader from, out long uses)
    {
        uses = from.Number();
        return !from.Failed && uses >= 0;
    }

    internal static bool TryRead(ref ByteReader from, StoreOptions options, ByteWriter scratch, out Session session)
    {
        session = new Session
        {
            Id = from.Varint(),
            Seconds = from.Number(),
            LastUse = from.Number(),
            Use = from.Number(),
            Floor = from.Varint(),
        };
        session.Answers = new SessionAnswers(session.Id, scratch);
        if (from.Failed || session.Seconds is < 1 or > Session.SecondsMax || session.Use < 1) return false;
        if (session.LastUse is < 0 or > Session.LastUseMax) return false;
        return session.Answers.TryRead(ref from, session.Floor, options);
    }
}

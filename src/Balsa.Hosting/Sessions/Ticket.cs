using Balsa.Hosting.Commands;

namespace Balsa.Hosting.Sessions;

/// <summary>A command on its way, under the number by which it is known when it comes again.</summary>
internal sealed class Ticket<TState>(CommandType<TState> type, object command) where TState : class
{
    internal CommandType<TState> Type => type;

    internal object Command => command;

    /// <summary>The session that its number belongs to; it stays when others come.</summary>
    internal OpenSession? Session { get; private set; }

    internal ulong Request { get; private set; }

    /// <summary>Some try ended without anybody knowing how.</summary>
    internal bool MayHaveRun { get; set; }

    internal void Enter(OpenSession session) => (Session, Request) = (session, session.Numbers.Take());

    /// <summary>Nobody will ask under this number again.</summary>
    internal void Leave()
    {
        Session?.Numbers.Finish(Request);
        Session = null;
    }
}

using Balsa.Hosting.Sessions;

namespace Balsa.Hosting.Machines;

/// <summary>All that is replicated: the user's state, and what keeps his commands from running twice.</summary>
internal sealed record HostedState<TState>(TState User, SessionTable Sessions, long LogTime) where TState : class
{
    /// <summary>The newest log time that was applied.</summary>
    internal long LogTime { get; set; } = LogTime;
}

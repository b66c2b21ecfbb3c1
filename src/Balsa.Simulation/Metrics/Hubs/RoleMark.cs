namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>From here on a server is something else than before.</summary>
public readonly record struct RoleMark(long At, int Server, ServerRole Role, ulong Term);

public enum ServerRole
{
    Down,
    Paused,
    Follower,
    Candidate,
    Leader,
}

/// <summary>Somebody was elected.</summary>
public readonly record struct Election(long At, ulong Term, int Server);

/// <summary>How many committed entries each server had not applied yet; below 0 for one that does not run.</summary>
public readonly record struct LagMark(long At, long[] Behind);

namespace Balsa.Adapters.Raftkv;

/// <summary>How a server of CS 380D behaves towards clients.</summary>
public sealed record RaftkvOptions
{
    /// <summary>Whether a server that does not lead hands a write on; otherwise it says who leads.</summary>
    public bool Forwards { get; init; } = true;

    /// <summary>How long a request may take whose client did not say how long it waits.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(1500);
}

namespace Balsa.Hosting.Leading;

/// <summary>One reign of this member, for work that one member at a time should do.</summary>
#pragma warning disable CA1001 // Somebody may still hold the token; its source has no timer that would need disposing.
public sealed class Leadership
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _lost = new();

    internal Leadership(ulong term) => FencingToken = term;

    /// <summary>
    /// Larger than that of every earlier leader. Send it along with what you write elsewhere, and let the receiver refuse
    /// smaller ones: a leader that was paused learns late that it is not one any more.
    /// </summary>
    public ulong FencingToken { get; }

    /// <summary>Cancelled when this member does not lead any more, or stops.</summary>
    public CancellationToken Lost => _lost.Token;

    internal void End() => _lost.Cancel();
}

namespace Balsa.Node.Founding;

/// <summary>What a round of asking adds up to: keep a note and go on, wait, give up, or be ready.</summary>
public sealed record FoundingDecision
{
    /// <summary>To be made durable and adopted before anybody hears of it.</summary>
    public FoundingNote? Keep { get; init; }

    /// <summary>This member founded the cluster, so it tells the others.</summary>
    public bool Founds { get; init; }

    /// <summary>For the operator: whom or what this member waits for.</summary>
    public IReadOnlyList<string> Waits { get; init; } = [];

    public NodeStartException? Refusal { get; init; }

    /// <summary>With a refusal because the directory is empty and should not be: where a member of the cluster takes clients.</summary>
    public string? WipedAt { get; init; }

    internal static FoundingDecision Ready { get; } = new();

    internal static FoundingDecision WaitFor(string what) => new() { Waits = [what] };
}

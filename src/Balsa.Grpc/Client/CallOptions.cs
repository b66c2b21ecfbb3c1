namespace Balsa.Grpc.Client;

/// <summary>How one call is to be made.</summary>
public sealed record CallOptions
{
    public static CallOptions None { get; } = new();

    /// <summary>The server is told, and after it the call ends as <see cref="StatusCode.DeadlineExceeded"/>; null: no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Headers to send along. Names in lower case.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Ends the call as <see cref="StatusCode.Cancelled"/>.</summary>
    public CancellationToken Stop { get; init; }
}

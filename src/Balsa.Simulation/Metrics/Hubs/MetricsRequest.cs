namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>One thing that a client wanted, over all its attempts.</summary>
public sealed class MetricsRequest
{
    public required int Client { get; init; }

    public required bool IsGet { get; init; }

    public required string Key { get; init; }

    /// <summary>What is put.</summary>
    public string? Value { get; init; }

    public required long BegunAt { get; init; }

    /// <summary>When its last answer came, or when the client gave up; -1 while it waits.</summary>
    public long EndedAt { get; internal set; } = -1;

    /// <summary>When the attempt that was answered had been sent.</summary>
    public long AnsweredAttemptAt { get; internal set; } = -1;

    public RequestState State { get; internal set; }

    public int Attempts { get; internal set; }

    internal MetricsAttempt? Newest { get; set; }
}

public enum RequestState
{
    Open,
    Done,

    /// <summary>Answered, with what no sound store would say.</summary>
    Wrong,

    /// <summary>The client gave up.</summary>
    Unanswered,
}

/// <summary>One message of a client, and the reply that belongs to it.</summary>
internal sealed class MetricsAttempt
{
    internal required string Id { get; init; }

    internal required MetricsRequest Request { get; init; }

    internal required int Server { get; init; }

    internal required long SentAt { get; init; }

    /// <summary>In the history.</summary>
    internal required int Operation { get; init; }

    /// <summary>Of a put: its line in what the client knows of the key.</summary>
    internal ClientPut? Put { get; init; }

    internal bool IsAnswered { get; set; }
}

using System.Text.Json;

namespace Balsa.Adapters.Controller;

/// <summary>A datagram, understood. Nothing in it points into the bytes it came from.</summary>
public sealed record ControllerRequest(RequestKind Kind)
{
    /// <summary>The word that was used, in capitals.</summary>
    public required string Word { get; init; }

    public string Sender { get; init; } = "";

    /// <summary>Whom it is for, in a group; null for everybody.</summary>
    public string? Recipient { get; init; }

    /// <summary>JSON null when it is missing.</summary>
    public JsonElement Key { get; init; } = JsonNull;

    /// <summary>JSON null when it is missing.</summary>
    public JsonElement Value { get; init; } = JsonNull;

    /// <summary>The first position wanted of a list.</summary>
    public long From { get; init; } = 1;

    public int? Limit { get; init; }

    /// <summary>Whatever this node has will do.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The sender wants to hear that an order was taken that is usually carried out without a word.</summary>
    public bool WantsAck { get; init; }

    /// <summary>Names a request that may be sent again; it is then carried out once.</summary>
    public string? Ticket { get; init; }

    /// <summary>Of a ping; comes back as it is.</summary>
    public long? Counter { get; init; }

    /// <summary>It would change who leads, or whether this node runs.</summary>
    public bool IsOrder => Kind is RequestKind.ConvertToFollower or RequestKind.TimeOut or RequestKind.TryLead or RequestKind.ShutDown
        or RequestKind.PlayDead or RequestKind.Resume;

    internal static JsonElement JsonNull { get; } = JsonDocument.Parse("null").RootElement;
}

using System.Text.Json;

namespace Balsa.Adapters.Lan;

/// <summary>One datagram between a server and the hub. Every one names who leads, or <see cref="Nobody"/>.</summary>
public sealed record LanMessage
{
    /// <summary>As the course spells it: nobody in particular, or everybody.</summary>
    public const string Nobody = "unkown";

    public const int BytesMax = 65_507;

    public required string Source { get; init; }

    public required string Destination { get; init; }

    public string Leader { get; init; } = Nobody;

    public required string Category { get; init; }

    /// <summary>Of requests and replies: which belong together.</summary>
    public string? Id { get; init; }

    public string? Key { get; init; }

    public string? Value { get; init; }

    /// <summary>The sender's; 0 when it was not told.</summary>
    public ulong Term { get; init; }

    /// <summary>Of a failure: what is known, in one of the words of <see cref="LanReasons"/>. Others do not look at it.</summary>
    public string? Reason { get; init; }

    /// <summary>Between servers: the frame of a member for a member.</summary>
    public ReadOnlyMemory<byte> Frame { get; init; }

    public LanForm Form { get; init; }

    public bool IsRequest => Category is LanCategories.Get or LanCategories.Put;

    /// <summary>What comes back, from the one that was asked.</summary>
    public LanMessage ReplyTo(string category, string leader, ulong term) => new()
    {
        Source = Destination, Destination = Source, Leader = leader, Category = category, Id = Id, Term = term, Form = Form,
    };

    public byte[] ToBytes() => LanText.Write(this);

    /// <summary>Null and what is wrong, when the bytes are no message.</summary>
    public static LanMessage? Read(ReadOnlyMemory<byte> bytes, out string? flaw)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return LanText.Read(document.RootElement, out flaw);
        }
        catch (JsonException problem)
        {
            flaw = $"it is no JSON: {problem.Message}";
            return null;
        }
    }
}

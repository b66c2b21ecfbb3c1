using Balsa.KeyValue.Answers;
using StoredKey = Balsa.KeyValue.Answers.KeyValue;

namespace Balsa.Etcd.Tests.Steps;

/// <summary>A change that a watch told of; of a delete, only key and modified revision of the new version are known.</summary>
internal sealed record WatchEvent(bool IsDelete, StoredKey Now, StoredKey? Before);

/// <summary>How a store answered a step: refused with text and code, or with an answer, or what a watch gave.</summary>
internal sealed record Outcome
{
    public int Code { get; init; }

    public string Error { get; init; } = "";

    public Answer Answer { get; init; } = new();

    public IReadOnlyList<WatchEvent> Events { get; init; } = [];

    /// <summary>In no order.</summary>
    public IReadOnlyList<long> Leases { get; init; } = [];

    /// <summary>Why a watch was ended by the store; null when it was not.</summary>
    public string? Canceled { get; init; }

    public static Outcome Refused(string error, int code) => new() { Error = error, Code = code };

    public static Outcome Of(Answer answer) =>
        answer.Error == StoreError.None ? new() { Answer = answer }
            : Refused(StoreErrors.Explain(answer.Error).Message, StoreErrors.Explain(answer.Error).Code);

    public static string CompactedAt(long revision) => $"compacted at {revision}";
}

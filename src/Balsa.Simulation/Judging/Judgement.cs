using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging;

/// <summary>The verdict on a history. When it is not linearizable, <c>Window</c> has few operations that show it.</summary>
public sealed record Judgement(Verdict Verdict)
{
    /// <summary>Who judged: searching or revisions.</summary>
    public Oracle Oracle { get; init; } = Oracle.Search;

    /// <summary>What is wrong, in a sentence; empty unless something is.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Operations that nothing explains, by their beginning; empty unless something is wrong.</summary>
    public IReadOnlyList<Operation> Window { get; init; } = [];
}

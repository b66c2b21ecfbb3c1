namespace Balsa.Simulation.Oracles;

/// <summary>What an oracle found to be false.</summary>
public sealed record Violation(string Oracle, string What, long At)
{
    public override string ToString() => $"{Oracle}: {What} (at {At / 10_000} ms)";
}

/// <summary>The first violation ends a run: what follows it is only its consequence.</summary>
internal sealed class Verdicts
{
    internal Violation? First { get; private set; }

    internal long Now { get; set; }

    /// <summary>For tests that tell one lie to come to the next.</summary>
    internal void Forget() => First = null;

    internal void Report(string oracle, string what) => First ??= new Violation(oracle, what, Now);
}

namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>Why a text is no experiment. What happened is the message.</summary>
public sealed class ExperimentException(string what, string why) : Exception(what)
{
    public string Why { get; } = why;
}

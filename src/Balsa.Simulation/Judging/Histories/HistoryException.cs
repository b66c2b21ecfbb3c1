namespace Balsa.Simulation.Judging.Histories;

/// <summary>Why a text is no history. What happened is the message.</summary>
public sealed class HistoryException(string what, string why) : Exception(what)
{
    public string Why { get; } = why;
}

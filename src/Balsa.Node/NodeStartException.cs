namespace Balsa.Node;

/// <summary>A node that cannot start, with what happened, why, and what to do next.</summary>
public class NodeStartException(string what, string why, string next, Exception? inner = null) : Exception($"{what} {why}", inner)
{
    public string What { get; } = what;

    public string Why { get; } = why;

    public string Next { get; } = next;
}

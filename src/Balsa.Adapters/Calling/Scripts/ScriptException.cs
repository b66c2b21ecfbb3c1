namespace Balsa.Adapters.Calling.Scripts;

/// <summary>A line that cannot be understood.</summary>
public sealed class ScriptException(int line, string what, string why) : Exception($"{what} {why}")
{
    public int Line { get; } = line;

    public string What { get; } = what;

    public string Why { get; } = why;
}

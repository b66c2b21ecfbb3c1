namespace Balsa.Hosting.Errors;

/// <summary>The command ran, once, and its result is too large to be kept or was forgotten meanwhile.</summary>
public sealed class AnswerNotKeptException : Exception
{
    internal AnswerNotKeptException(ulong index)
        : base($"The command ran at entry {index}, and its result was too large or is forgotten. Query the state for what you need.")
    {
        Index = index;
    }

    public ulong Index { get; }
}

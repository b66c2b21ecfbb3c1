namespace Balsa.Replica.Contracts;

/// <summary>
/// A new state that is built beside the one in use, by another thread. Nothing of it may be used before
/// <see cref="TryFinish"/> has said that all is there.
/// </summary>
public interface IStateRestore
{
    /// <summary>Takes the next bytes, cut anywhere; false when they make no sense.</summary>
    bool TryTake(ReadOnlySpan<byte> content);

    /// <summary>After the last byte: false when something is missing or wrong.</summary>
    bool TryFinish();

    /// <summary>What is wrong.</summary>
    string? Problem { get; }
}

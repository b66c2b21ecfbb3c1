namespace Balsa.Replica.Contracts;

/// <summary>The state as it was when this was made, given out in slices while the state machine goes on. Called by its thread.</summary>
public interface IStateCapture : IDisposable
{
    /// <summary>Not yet: the slice was over before there was anything to give.</summary>
    const int Later = 0;

    /// <summary>That was all.</summary>
    const int End = -1;

    /// <summary>
    /// Puts the next bytes into the buffer, after well below a millisecond, and says how many, or <see cref="Later"/>, or
    /// <see cref="End"/>.
    /// </summary>
    int Read(Span<byte> into);
}

namespace Balsa.Replica.Contracts;

/// <summary>The state as it was when this was made, given out in slices while the state machine goes on. Called by its thread.</summary>
public interface IStateCapture : IDisposable
{
    /// <summary>Not yet: the slice was over before there was anything to give.</summary>
    const int Later = 0;

    /// <summary>That was all.</summary>
    const int End = -1;

    /// <summary>Not before <see cref="Ready"/> was called: somebody else makes the bytes.</summary>
    const int Waits = -2;

    /// <summary>To be called, by any thread, when there is something to read after <see cref="Waits"/>.</summary>
    Action Ready
    {
        set
        {
        }
    }

    /// <summary>
    /// Puts the next bytes into the buffer, after well below a millisecond, and says how many, or <see cref="Later"/>, or
    /// <see cref="Waits"/>, or <see cref="End"/>.
    /// </summary>
    int Read(Span<byte> into);
}

namespace Balsa.Storage.Snapshots;

/// <summary>Where the content of a snapshot comes from: a state machine that walks its state in slices.</summary>
public interface ISnapshotSource
{
    /// <summary>Nothing to give at the moment. The writer waits and asks again when there is news.</summary>
    const int Later = 0;

    /// <summary>That was all.</summary>
    const int End = -1;

    /// <summary>Puts the next bytes into the buffer and says how many, or <see cref="Later"/>, or <see cref="End"/>.</summary>
    int Read(Span<byte> into);
}

/// <summary>Where the content of a snapshot goes: a state machine that builds a new state beside the old one.</summary>
public interface ISnapshotSink
{
    /// <summary>
    /// Takes the next checked bytes; false for not now, and they come again after a wait. Until the reader says that the
    /// file is whole, more may be missing: nothing that was built may be used before.
    /// </summary>
    bool TryTake(ReadOnlySpan<byte> content);
}

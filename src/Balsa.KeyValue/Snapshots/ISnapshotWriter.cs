namespace Balsa.KeyValue.Snapshots;

/// <summary>Gives the content of a snapshot in slices.</summary>
public interface ISnapshotWriter
{
    bool IsFinished { get; }

    /// <summary>The next bytes: how many, 0 for not yet, -1 at the end.</summary>
    int Read(Span<byte> into, int steps);

    /// <summary>Gives up, or tidies up at the end: the store is free to compact again.</summary>
    void Close();
}

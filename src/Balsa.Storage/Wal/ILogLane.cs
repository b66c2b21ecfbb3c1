namespace Balsa.Storage.Wal;

/// <summary>Where a log is written, as seen by whoever has something to write. May be asked by any thread.</summary>
public interface ILogLane
{
    /// <summary>There is no room for so many bytes more: entries should be refused until that changes.</summary>
    bool IsShortOf(long bytes);

    /// <summary>With so many bytes more the log would wait for a segment that may never come.</summary>
    bool IsUnsureOf(long bytes);

    /// <summary>The source has something.</summary>
    void Wake();
}

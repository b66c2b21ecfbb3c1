namespace Balsa.KeyValue.Store;

/// <summary>The oldest view that somebody may still be reading: nothing that it shows is freed.</summary>
public readonly record struct ReaderFloor(long Epoch, long Revision)
{
    /// <summary>Nobody reads anything older than what is published next.</summary>
    public static ReaderFloor None => new(long.MaxValue, long.MaxValue);
}

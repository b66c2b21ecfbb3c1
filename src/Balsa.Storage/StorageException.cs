using Balsa.Storage.Steps;

namespace Balsa.Storage;

/// <summary>
/// The disk refused, or holds something that cannot be used. The message says what and where, and ends with what to do.
/// The node stops; nothing is tried again, because after a failed write or sync nobody knows what the disk holds.
/// </summary>
public sealed class StorageException : Exception
{
    public StorageException(string message)
        : base(message)
    {
    }

    public StorageException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A step failed where failing ends the node.</summary>
    internal static StorageException OfStep(IoStep step) =>
        new($"{step} failed: {step.Error} (error {step.ErrorNumber} at {step.Site}).") { Site = step.Site, Error = step.Error };

    /// <summary>Where, when a step of the disk failed.</summary>
    public IoSite Site { get; private init; }

    public DiskError Error { get; private init; }
}

using Balsa.Storage.Steps;

namespace Balsa.Storage.Wal.State;

/// <summary>The segment that is written to.</summary>
internal sealed class LiveSegment(StoredFile file, ulong sequence, int bytes, int blockBytes)
{
    internal StoredFile File => file;

    internal ulong Sequence => sequence;

    internal int Bytes => bytes;

    internal int BlockBytes => blockBytes;

    /// <summary>Where the next record belongs.</summary>
    internal uint End { get; set; }

    /// <summary>The checksum of the last record's header, or of the head.</summary>
    internal uint Chain { get; set; }

    /// <summary>Up to here it is on stable media.</summary>
    internal uint Durable { get; set; }

    /// <summary>Number of the newest close mark, and what it says.</summary>
    internal uint CloseNumber { get; set; }

    internal uint ClosedUpTo { get; set; }

    internal int Room => bytes - (int)End;

    internal bool IsClosed => ClosedUpTo == End;
}

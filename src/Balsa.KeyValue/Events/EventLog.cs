namespace Balsa.KeyValue.Events;

/// <summary>
/// The records of all mutations since the last compaction, in order of revision and of operation within it: what watches
/// read from front to back. Each has a number that never changes.
/// </summary>
internal sealed class EventLog(Action<ulong[]>? discard = null)
{
    private const int ChunkBits = 13;
    internal const int ChunkEvents = 1 << ChunkBits;

    private ulong[][] _chunks = new ulong[4][];
    private long _firstChunk;

    internal long First { get; private set; }

    internal long End { get; private set; }

    /// <summary>Chunks that were passed stay in the table until it is made anew.</summary>
    internal long AllocatedBytes => BytesFrom(_firstChunk);

    internal long UsedBytes => BytesFrom(First >> ChunkBits);

    internal EventRows Rows => new(_chunks, _firstChunk, First, End);

    internal void Append(long revision, ulong reference)
    {
        var at = (int)((End >> ChunkBits) - _firstChunk);
        if (at == _chunks.Length)
        {
            MakeRoom();
            at = (int)((End >> ChunkBits) - _firstChunk);
        }

        var chunk = _chunks[at] ??= new ulong[2 * ChunkEvents];
        var row = 2 * ((int)End & (ChunkEvents - 1));
        (chunk[row], chunk[row + 1]) = ((ulong)revision, reference);
        End++;
    }

    internal void DropBefore(long sequence)
    {
        // Zeros are fine for whoever still searches in an old table: they come before every revision.
        for (var chunk = First >> ChunkBits; discard is not null && chunk < Math.Min(sequence, End) >> ChunkBits; chunk++)
            discard(_chunks[(int)(chunk - _firstChunk)]);
        First = Math.Max(First, sequence);
        if ((First >> ChunkBits) - _firstChunk > _chunks.Length / 2) MakeRoom();
    }

    private long BytesFrom(long chunk) => ((End + ChunkEvents - 1 >> ChunkBits) - chunk) * ChunkEvents * 16L;

    /// <summary>A new table without what was dropped: readers of the old one are not disturbed.</summary>
    private void MakeRoom()
    {
        var dropped = (int)((First >> ChunkBits) - _firstChunk);
        var kept = (int)((End + ChunkEvents - 1 >> ChunkBits) - _firstChunk) - dropped;
        var table = new ulong[Math.Max(4, kept * 2)][];
        Array.Copy(_chunks, dropped, table, 0, kept);
        (_chunks, _firstChunk) = (table, _firstChunk + dropped);
    }
}

/// <summary>The events as one view knows them. Any thread.</summary>
internal readonly struct EventRows(ulong[][] chunks, long firstChunk, long first, long end)
{
    internal long First => first;

    internal long End => end;

    internal ulong[] Chunk(long sequence) => chunks[(int)(sequence / EventLog.ChunkEvents - firstChunk)];

    internal ulong At(long sequence) => Chunk(sequence)[2 * ((int)sequence & (EventLog.ChunkEvents - 1)) + 1];

    internal long RevisionAt(long sequence) => (long)Chunk(sequence)[2 * ((int)sequence & (EventLog.ChunkEvents - 1))];

    /// <summary>The first event at or after the revision; the end when there is none.</summary>
    internal long Seek(long revision)
    {
        var (low, high) = (first, end);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (RevisionAt(middle) < revision) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

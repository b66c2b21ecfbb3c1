using Balsa.Raft.Log;

namespace Balsa.Raft.Replication;

/// <summary>
/// The appends on the way to one peer. An answer for index i frees every append that ends at or before i, so lost and
/// reordered answers free what they cover too.
/// </summary>
internal sealed class InflightWindow(int messagesMax, long bytesMax)
{
    private readonly Core.Ring<(LogIndex Last, ulong Bytes)> _appends = new(16);
    private ulong _bytes;

    internal int Messages => _appends.Count;

    internal ulong Bytes => _bytes;

    internal bool IsFull => _appends.Count >= messagesMax || _bytes >= (ulong)bytesMax;

    internal void Add(LogIndex last, ulong bytes)
    {
        _appends.Enqueue((last, bytes));
        _bytes += bytes;
    }

    internal void FreeThrough(LogIndex match)
    {
        while (_appends.Count > 0 && _appends[0].Last <= match) _bytes -= _appends.Dequeue().Bytes;
    }

    internal void Clear()
    {
        _appends.Clear();
        _bytes = 0;
    }
}

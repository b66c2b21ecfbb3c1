using System.Collections.Concurrent;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Storage.Wal;

namespace Balsa.Server.Adapters;

/// <summary>The log file as the replica sees it. Sightings of peers come from other threads and go down with the next batch.</summary>
internal sealed class FileLogStore(FileLog log) : ILogStore
{
    private readonly ConcurrentQueue<SeenPeer> _seen = new();

    public void SaveHardState(HardState hardState) => log.SaveHardState(hardState);

    public void Append(in ReplicaEntry entry) => log.Append(entry.Ref, entry.Payload.Span);

    public void TruncateFrom(LogIndex from) => log.TruncateFrom(from);

    public void Sync()
    {
        while (_seen.TryDequeue(out var peer)) log.NotePeer(peer);
        log.Sync();
    }

    internal void Note(SeenPeer peer) => _seen.Enqueue(peer);
}

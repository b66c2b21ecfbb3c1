using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;
using Balsa.Replica.Contracts;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Node.Logs;

/// <summary>
/// Between the replica and its log: what the replica wants written waits here until the log's thread takes all of it as one
/// batch. What waits is bounded by what the core lets be under way.
/// </summary>
public sealed class LogWriter<TProbe>(ILogLane lane, GroupId group, Action<IoSeq> durable, TProbe probe = default) : ILogWriter, IWalSource
    where TProbe : struct, IProbe
{
    /// <summary>What a record takes beside its payload, rounded up.</summary>
    private const int RecordBytes = 80;
    private readonly Lock _gate = new();
    private readonly List<SeenPeer> _seen = [];
    private List<LogOperation> _waiting = [];
    private List<LogOperation> _writing = [];
    private int _taken;
    private long _takenBytes;
    private long _underWay;
    private IoSeq _last;

    public bool IsShort => IsShortOf(0);

    public bool IsShortOf(long bytes) => lane.IsShortOf(bytes + Interlocked.Read(ref _underWay));

    public bool IsUnsureOf(long bytes) => lane.IsUnsureOf(bytes + Interlocked.Read(ref _underWay));

    public void Write(IReadOnlyList<LogOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var bytes = 0L;
        foreach (var operation in operations) bytes += BytesOf(operation);
        Interlocked.Add(ref _underWay, bytes);
        lock (_gate) _waiting.AddRange(operations);
        lane.Wake();
    }

    /// <summary>Sightings come from other threads and go down with the next batch.</summary>
    public void Note(SeenPeer peer)
    {
        lock (_gate) _seen.Add(peer);
        lane.Wake();
    }

    public void Fill(WalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            foreach (var peer in _seen) batch.NotePeer(group, peer);
            _seen.Clear();
            if (_taken == _writing.Count)
            {
                _writing.Clear();
                (_waiting, _writing, _taken) = (_writing, _waiting, 0);
            }
        }

        var before = _last;
        while (_taken < _writing.Count && !batch.IsFull) Put(batch, _writing[_taken++]);
        // What only takes a number needs no disk, and no batch may come for long: all before it is durable already.
        if (_last != before && (batch.IsEmpty || probe.Plants(Mutant.NodeReportsDurableWhenTaken))) OnDurable();
    }

    public void OnDurable()
    {
        Interlocked.Add(ref _underWay, -_takenBytes);
        _takenBytes = 0;
        if (_last > IoSeq.Now) durable(_last);
    }

    private static long BytesOf(in LogOperation operation)
    {
        var bytes = (long)RecordBytes;
        foreach (ref readonly var entry in operation.Entries.AsSpan()) bytes += RecordBytes + entry.Payload.Length;
        return bytes;
    }

    private void Put(WalBatch batch, in LogOperation operation)
    {
        _takenBytes += BytesOf(operation);
        switch (operation.Kind)
        {
            case LogOperationKind.SaveHardState: batch.SaveHardState(group, operation.HardState); break;
            case LogOperationKind.Truncate: batch.TruncateFrom(group, operation.From); break;
            case LogOperationKind.NoteRecovered when probe.Plants(Mutant.LegalNodeForgetsRepair): break;
            case LogOperationKind.NoteRecovered: batch.NoteRecovered(group); break;
            case LogOperationKind.BeginAfter: batch.BeginAfter(group, operation.Snapshot, operation.Configuration!); break;
            case LogOperationKind.Nothing: break;
            default:
                foreach (ref readonly var entry in operation.Entries.AsSpan()) batch.Append(group, entry.Ref, entry.Payload.Span);
                break;
        }

        if (operation.Io != IoSeq.Now) _last = operation.Io;
    }
}

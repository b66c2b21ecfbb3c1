using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;

namespace Balsa.Node.Logs;

/// <summary>Reads entries back for the replica, one request after the other, on a lane of its own.</summary>
/// <param name="post">Takes what was read; false when the replica is too busy, and then it is offered again.</param>
public sealed class EntryLoader<TProbe>(OpenDirectory<TProbe> directory, Func<ReplicaInput, bool> post) : ILogReader
    where TProbe : struct, IStorageProbe
{
    /// <summary>A full inbox empties within this time, or the node is in worse trouble.</summary>
    private const long AgainAfterTicks = TimeSpan.TicksPerMillisecond;

    private readonly Lock _gate = new();
    private readonly Queue<(MemberId Purpose, LogIndex First, LogIndex Last, long Bytes)> _wanted = new();
    private volatile bool _stopping;

    /// <summary>Wakes the lane.</summary>
    public Action Wake { get; set; } = () => { };

    public void Read(MemberId purpose, LogIndex first, LogIndex last, long bytesMax)
    {
        lock (_gate) _wanted.Enqueue((purpose, first, last, bytesMax));
        Wake();
    }

    /// <summary>Ends the planner; wake its lane afterwards.</summary>
    public void Stop() => _stopping = true;

    public IEnumerable<IoStep> Run()
    {
        var reader = directory.NewReader();
        var io = new IoStep();
        while (!_stopping)
        {
            if (!TryTake(out var wanted))
            {
                yield return io.Wait();
                continue;
            }

            foreach (var step in reader.Read(wanted.First, wanted.Last, wanted.Bytes)) yield return step;
            var entries = reader.Entries.Select(entry => new ReplicaEntry(entry.Ref, entry.Payload)).ToArray();
            var read = new EntriesRead(wanted.Purpose, wanted.First, entries);
            while (!post(read) && !_stopping) yield return io.Wait(AgainAfterTicks);
        }

        foreach (var step in reader.Close()) yield return step;
    }

    private bool TryTake(out (MemberId Purpose, LogIndex First, LogIndex Last, long Bytes) wanted)
    {
        lock (_gate) return _wanted.TryDequeue(out wanted);
    }
}

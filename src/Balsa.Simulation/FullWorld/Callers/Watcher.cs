using Balsa.KeyValue.Watches;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Stores.Watches;

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>
/// Somebody who watches keys, goes from member to member when one ends, and each time goes on behind what he has seen: over
/// all of them he must see every change once, in order, a revision at a time.
/// </summary>
internal sealed class Watcher(FullRun world, int number)
{
    private WatchedRange? _range;
    private FullNode? _node;
    private ulong _life;
    private long _id = -1;
    private bool _isFull;
    private End? _end;

    internal WatchStream? Stream { get; set; }

    internal OpenWatch Request { get; private set; } = new(0, [], [], 0, WatchOptions.None);

    /// <summary>The first revision that he has not seen all of; 0 for what comes next.</summary>
    internal long Start { get; private set; }

    internal bool IsOpen => _node is { IsServing: true, Machine.Aside: null } && _node.Life == _life && _id >= 0;

    private bool TryTake(in WatchBatch batch)
    {
        if (_isFull && !batch.Continued) return false;
        world.Trace.Take((ulong)batch.WatchId + 50, (ulong)batch.Revision);
        if (batch.Created || _range is null) return true;
        if (batch.Canceled) OnCanceled(batch);
        else if (batch.WatchId < 0) OnProgress(batch.Revision);
        else OnEvents(batch);
        return true;
    }

    /// <summary>Something new to watch.</summary>
    internal void Want(OpenWatch request) => (Request, Start, _range) = (request, request.Start, null);

    /// <summary>At this member, from where he is.</summary>
    internal void Go(FullNode node)
    {
        (_node, _life, _id, _isFull) = (node, node.Life, -1, false);
        _end = new End(this);
        node.Process!.Watches.Open(this, _end);
    }

    /// <param name="revision">Of the member's view.</param>
    internal void OnOpened(long id, long revision)
    {
        _id = id;
        if (Start == 0) Start = revision + 1;
        if (_range is not null) return;
        _range = new WatchedRange(world.Judges.Model, Request, Start);
        if (world.Trace.IsHeard) world.Trace.Line($"    watcher {number} at {_node!.Id}: {Request}, from {Start}");
    }

    internal void Leave()
    {
        if (IsOpen) _node!.Process!.Watches.Close(this);
        (_node, _id) = (null, -1);
    }

    internal void Block(bool isFull)
    {
        var resumes = _isFull && !isFull;
        _isFull = isFull;
        if (resumes) _node!.Process!.Watches.Resume(this);
    }

    internal void AskProgress() => _node!.Process!.Watches.AskProgress(this);

    /// <summary>With room again, nothing that its member has published may be left for later.</summary>
    internal void CheckComplete()
    {
        if (!IsOpen) return;
        Block(false);
        var revision = View.Revision;
        if (IsOpen && _range?.Miss(revision, revision) is { } missed) Say("watches are complete", missed);
    }

    private KeyValue.Store.StoreView View => _node!.Process!.Watches.View;

    private void OnEvents(in WatchBatch batch)
    {
        var (revision, compacted) = (View.Revision, View.Compacted);
        var last = 0L;
        foreach (var one in batch.Events)
        {
            last = one.Kv.Modified;
            if (last > batch.Revision || last < Start)
                Say("watch events in order", $"gets an event of {last} under {batch.Revision}, from {Start}");
            else if (_range!.Take(one, revision, compacted) is { } wrong) Say("watch events fit the history", wrong);
        }

        if (batch.Fragment) return;
        if (_range!.EndBatch(revision) is { } split) Say("a revision is not split", split);
        Start = Math.Max(Start, last + 1);
    }

    private void OnProgress(long revision)
    {
        if (_range!.Miss(revision, View.Revision) is { } missed) Say("progress is true", $"is told of {revision} and {missed}");
        Start = Math.Max(Start, revision + 1);
    }

    /// <summary>Only a past that is gone ends a watch, and then he begins anew.</summary>
    private void OnCanceled(in WatchBatch batch)
    {
        if (batch.CompactRevision <= Start || batch.CompactRevision > Math.Max(1, View.Compacted))
            Say("watches end for a reason", $"is cancelled for {batch.CompactRevision} at {Start}; {View.Compacted} is compacted");
        (_id, Start, _range) = (-1, 0, null);
    }

    /// <summary>His end of one stream: what comes on an earlier one is nobody's any more.</summary>
    private sealed class End(Watcher watcher) : IWatchSink
    {
        public bool TryTake(in WatchBatch batch) => watcher._end != this || watcher.TryTake(batch);
    }

    private void Say(string oracle, string what) =>
        world.Verdicts.Report(oracle, $"watcher {number} of {_node!.Id} ({Request}) {what}");
}

using Balsa.Raft.Log;
using Balsa.Simulation.Disks.Drills;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Snapshots.Transfer;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Snapshots;

/// <summary>
/// One process and its folder of snapshots: it looks what is there, is compared with the truth, makes snapshots, takes some
/// in, and removes old ones. It ends with any step.
/// </summary>
internal sealed class SnapshotLife<TProbe>(DrillBench bench, SnapshotTruth truth, Dice dice, int generations)
    where TProbe : struct, IStorageProbe
{
    private readonly SnapshotStore<TProbe> _store = new(truth.Directory, generations);
    private readonly IoStep _step = new();
    private int _hits;

    /// <summary>The planned failure to look after.</summary>
    internal DiskFault? Fault { get; init; }

    /// <summary>It said of some snapshot that it cannot be used, or of a transfer that not all of it is right.</summary>
    internal bool HasNoticed { get; private set; }

    /// <summary>As many steps as it has, at most so many, and none after one at that place.</summary>
    internal void Run(int works, int stepsMax = int.MaxValue, IoSite last = IoSite.None)
    {
        bench.Tell("a process starts");
        try
        {
            foreach (var step in Live(works))
            {
                if (bench.HasFailed || stepsMax-- == 0) return;
                if (step.Kind == StepKind.Wait) continue;
                bench.Disk.Execute(step);
                if (step.Site == last && last != IoSite.None) return;
            }
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            bench.Fail(DiskFinding.Broken, $"snapshots: {thrown.GetType().Name}: {thrown.Message}");
        }
        finally
        {
            if (bench.Disk.Misuse is { } misuse) bench.Fail(DiskFinding.Broken, misuse);
        }
    }

    private bool IsStruck => Fault is not null && Fault.Hits > _hits;

    private string What => Fault is null ? "nothing" : $"{Fault.Error} at visit {Fault.Nth} of {Fault.Site}";

    private IEnumerable<IoStep> Live(int works)
    {
        BeginPart();
        foreach (var next in _store.Open(_step)) yield return next;
        JudgeStore("opening", ignores: IoSite.DeleteSnapshot);
        if (_store.Problem is not null || bench.HasFailed) yield break;
        foreach (var next in _store.FindNewest(_step, LogIndex.Max)) yield return next;
        JudgeFound();
        if (bench.HasFailed) yield break;
        foreach (var next in Prune()) yield return next;
        for (; works > 0 && !bench.HasFailed; works--)
        {
            var receives = dice.Chance(_store.Incoming.Count > 0 ? 800 : 400);
            foreach (var next in receives ? Receive() : Write()) yield return next;
            foreach (var next in Prune()) yield return next;
        }
    }

    private IEnumerable<IoStep> Prune()
    {
        BeginPart();
        foreach (var next in _store.Prune(_step, LogIndex.Max)) yield return next;
        // What should be deleted and is gone is as it should be.
        JudgeStore("pruning", ignores: Fault?.Error == DiskError.NotFound ? IoSite.DeleteSnapshot : IoSite.None);
    }

    private IEnumerable<IoStep> Write()
    {
        BeginPart();
        var snapshot = truth.Next(dice);
        bench.Tell($"snapshot {snapshot.Id} of {snapshot.Content.Length} bytes is made");
        var writer = new SnapshotWriter<TProbe>(truth.Directory, snapshot.Head);
        var source = new SlicedContent(snapshot.Content, dice.OneOf(100, 512, 4096));
        foreach (var next in writer.Write(_step, source, () => dice.Chance(700))) yield return next;
        JudgeWork("making a snapshot", writer.IsPublished, writer.Problem);
        if (!writer.IsPublished && bench.Disk.Names.Exists(truth.PathOfPart(snapshot.Id)))
            bench.Fail(DiskFinding.WrongReaction, $"after {What} the unfinished file was left");
        if (writer.IsPublished) Publish(snapshot, writer.Head, writer.FileBytes);
    }

    private IEnumerable<IoStep> Receive()
    {
        BeginPart();
        var held = _store.Incoming.Count > 0 && _store.Incoming[0].Index > truth.Relied.Index ? truth.Find(_store.Incoming[0]) : null;
        var snapshot = held ?? truth.Next(dice);
        bench.Tell($"snapshot {snapshot.Id} of {snapshot.Content.Length} bytes arrives");
        var heldBytes = bench.Disk.TryLook(truth.PathOfIncoming(snapshot.Id), out var file) ? file.Length : 0;
        var incoming = new IncomingSnapshot<TProbe>(truth.Directory, snapshot.Id);
        var sender = truth.Sender(snapshot.Id);
        foreach (var next in incoming.Begin(_step)) yield return next;
        HasNoticed |= incoming.Problem is null && incoming.Resume.Offset < heldBytes;
        if (incoming.Problem is null)
        {
            truth.OnOthers(sender.Agree(new IoStep(), incoming.Resume));
            if (sender.StartsAnew)
                foreach (var next in incoming.Restart(_step)) yield return next;
        }
        var until = dice.Chance(250) ? dice.Below(snapshot.File.Length) : long.MaxValue;
        if (incoming.Problem is null)
            foreach (var next in TakeChunks(incoming, sender, snapshot, until)) yield return next;
        if (incoming.Problem is null)
            foreach (var next in incoming.IsComplete ? incoming.Finish(_step) : incoming.Interrupt(_step)) yield return next;
        truth.OnOthers(sender.Close(new IoStep()));
        if (incoming.IsComplete || incoming.Problem is not null || IsStruck)
            JudgeWork("taking a snapshot in", incoming.IsPublished, incoming.Problem);
        else _store.OnInterrupted(snapshot.Id);
        if (incoming.IsPublished) Publish(snapshot, incoming.Head!, incoming.FileBytes);
    }

    private IEnumerable<IoStep> TakeChunks(IncomingSnapshot<TProbe> incoming, SnapshotSender sender, TrueSnapshot snapshot, long until)
    {
        var buffer = new byte[dice.Between(100, 1500)];
        while (!incoming.IsComplete && incoming.Expected < until)
        {
            if (dice.Chance(150))
                foreach (var next in TakeWrongChunk(incoming, snapshot)) yield return next;
            if (bench.HasFailed) yield break;
            truth.OnOthers(sender.Read(new IoStep(), incoming.Expected, buffer));
            foreach (var next in incoming.OnChunk(_step, sender.Chunk)) yield return next;
            if (incoming.Answer == ChunkAnswer.Accepted) continue;
            if (incoming.Answer == ChunkAnswer.DiskFailed) yield break;
            // What is held is longer than it can be: the receiver begins with an empty file.
            if (incoming.Answer != ChunkAnswer.OtherSnapshot || !truth.IsDamaged)
            {
                bench.Fail(DiskFinding.FalseAlarm, $"the right chunk of {snapshot.Id} was answered with {incoming.Answer}");
                yield break;
            }
            foreach (var next in incoming.Restart(_step)) yield return next;
            if (incoming.Problem is not null) yield break;
        }
    }

    /// <summary>A chunk that comes too early or twice is named and changes nothing.</summary>
    private IEnumerable<IoStep> TakeWrongChunk(IncomingSnapshot<TProbe> incoming, TrueSnapshot snapshot)
    {
        var expected = incoming.Expected;
        var at = dice.Below(snapshot.File.Length);
        if (at == expected) yield break;
        var bytes = snapshot.File.AsMemory(at, Math.Min(dice.Between(1, 700), snapshot.File.Length - at));
        foreach (var next in incoming.OnChunk(_step, new SnapshotChunk(snapshot.Id, snapshot.File.Length, at, bytes))) yield return next;
        // What is held is longer than it can be: that is said first.
        if (incoming.Answer == ChunkAnswer.OtherSnapshot && truth.IsDamaged) yield break;
        if (incoming.Answer != (at > expected ? ChunkAnswer.Gap : ChunkAnswer.Overlap) || incoming.Expected != expected)
            bench.Fail(DiskFinding.WrongReaction, $"a chunk at {at} instead of {expected} was answered with {incoming.Answer}");
    }

    private void Publish(TrueSnapshot snapshot, SnapshotHead head, long bytes)
    {
        bench.Tell($"snapshot {snapshot.Id} is published");
        truth.Rely(snapshot.Id);
        _store.OnPublished(head, bytes);
        if (!truth.IsWhole(bench.Disk, snapshot)) bench.Fail(DiskFinding.Invented, $"{snapshot.Id} was published with other bytes");
    }

    private void BeginPart() => _hits = Fault?.Hits ?? 0;

    private void JudgeStore(string part, IoSite ignores)
    {
        var isOfReader = IsStruck && Fault!.Site is IoSite.OpenSnapshot or IoSite.ReadSnapshot or IoSite.CloseFile;
        if (!IsStruck || isOfReader || Fault!.Site == ignores)
        {
            if (_store.Problem is { } problem) bench.Fail(DiskFinding.FalseAlarm, $"{part} snapshots: {problem}");
        }
        else if (_store.Problem is not { } problem || problem.Site != Fault.Site || problem.Error != Fault.Error)
        {
            bench.Fail(DiskFinding.WrongReaction, $"after {What}, {part} snapshots: {_store.Problem?.ToString() ?? "went on"}");
        }
    }

    private void JudgeWork(string work, bool isPublished, SnapshotProblem? problem)
    {
        if (!IsStruck || FaultTable.Of(Fault!.Site, Fault.Error) != Reaction.GiveUp)
        {
            if (!isPublished) bench.Fail(DiskFinding.FalseAlarm, $"{work} was given up: {problem?.ToString() ?? "no reason"}");
            return;
        }
        // That nothing is there yet is what the first attempt to open it finds out.
        if (Fault is { Site: IoSite.OpenIncoming, Error: DiskError.NotFound }) return;
        var isNamed = problem is { Kind: SnapshotProblemKind.DiskFailed } && problem.Site == Fault.Site && problem.Error == Fault.Error;
        if (isPublished || !isNamed)
            bench.Fail(DiskFinding.WrongReaction, $"after {What} {work} {(isPublished ? "went on" : $"ended with {problem}")}");
    }

    /// <summary>The newest whole one must be found, nothing else may be, and whoever reads it must get what was written.</summary>
    private void JudgeFound()
    {
        var isRefused = IsStruck && Fault!.Site is IoSite.OpenSnapshot or IoSite.ReadSnapshot;
        foreach (var one in _store.Snapshots)
        {
            if (one.Problem is not { } problem) continue;
            HasNoticed = true;
            if (isRefused && problem.Kind == SnapshotProblemKind.DiskFailed) continue;
            if (!truth.IsDamaged) bench.Fail(DiskFinding.FalseAlarm, $"nothing was damaged: {problem}");
        }
        if (isRefused && !HasNoticed) bench.Fail(DiskFinding.WrongReaction, $"after {What} every snapshot is usable");
        var bad = truth.IsDamaged ? DiskFinding.Undetected : DiskFinding.Invented;
        var best = truth.NewestWhole(bench.Disk);
        if (!truth.IsDamaged && truth.FindTorn(bench.Disk) is { } torn)
            bench.Fail(torn.Id.Index <= truth.Relied.Index ? DiskFinding.Lost : bad, $"{torn.Id} has its name, and not its bytes");
        if (truth.Relied != default && (best is null || best.Id.Index < truth.Relied.Index))
            bench.Fail(DiskFinding.Lost, $"{truth.Relied} was relied on, and the newest whole one is {best?.Id.ToString() ?? "none"}");
        if (_store.Newest is not { } newest)
        {
            if (best is not null && !isRefused) bench.Fail(DiskFinding.FalseAlarm, $"{best.Id} is whole, and nothing was found");
            return;
        }
        if (truth.Find(newest.Id) is not { } snapshot)
            bench.Fail(DiskFinding.Invented, $"{newest.Id} was never written");
        else if (!truth.IsWhole(bench.Disk, snapshot))
            bench.Fail(bad, $"{newest.Id} was found usable, and its file is not what was written");
        else if (snapshot != best && !isRefused)
            bench.Fail(DiskFinding.FalseAlarm, $"{best!.Id} is whole, and {newest.Id} was found");
        else if (!IsReadRight(snapshot))
            bench.Fail(bad, $"{newest.Id} was read back with other content");
        else truth.Rely(newest.Id);
    }

    /// <summary>Looking meets no fault.</summary>
    private bool IsReadRight(TrueSnapshot snapshot)
    {
        bench.Disk.Faults.AreSuspended = true;
        var reader = new SnapshotReader<TProbe>(truth.Directory.PathOf(snapshot.Id), truth.Directory.IdentityOf(snapshot.Id));
        var content = new ComparedContent(snapshot.Content);
        foreach (var step in reader.ReadWhole(new IoStep(), content)) bench.Disk.Execute(step);
        bench.Disk.Faults.AreSuspended = false;
        return reader.IsWhole && content.IsRight;
    }
}

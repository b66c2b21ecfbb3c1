using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Storage;

namespace Balsa.Cli.Chaos;

/// <summary>What a campaign of power cuts found.</summary>
internal sealed class PowerCutReport
{
    internal int Rounds { get; set; }

    internal long Acknowledged { get; set; }

    /// <summary>How often the end of the log was replaced, among what was acknowledged.</summary>
    internal int Truncations { get; set; }

    /// <summary>How often a snapshot took the place of the log's beginning, among what was acknowledged.</summary>
    internal int Compactions { get; set; }

    /// <summary>Acknowledged operations that the disk does not hold.</summary>
    internal long Lost { get; set; }

    /// <summary>Rounds after which the disk held something that nobody had written.</summary>
    internal int Invented { get; set; }

    /// <summary>Rounds after which the directory was refused or its log called damaged: a power cut damages nothing.</summary>
    internal int FalseAlarms { get; set; }

    internal bool Holds => Lost == 0 && Invented == 0 && FalseAlarms == 0;
}

/// <summary>
/// Cuts the power of a file system under a process that writes, again and again, and compares what is left with what the
/// process had been told. One directory lives through many cuts; now and then a new one begins.
/// </summary>
/// <param name="lies">Syncs do nothing and succeed: the campaign must notice.</param>
internal sealed class PowerCuts(LoopImage image, Random dice, bool lies, Action<string> note)
{
    private const int FreshOneIn = 12, EarlyOneIn = 5, LongestMs = 400, StartMsMax = 250;
    private string _directory = "";
    private LogModel _model = new();
    private ulong _boot;

    internal PowerCutReport Report { get; } = new();

    /// <exception cref="ChaosException">A round could not be carried out.</exception>
    internal void Round(CancellationToken stop)
    {
        if (Report.Rounds == 0 || dice.Next(FreshOneIn) == 0) BeginAnew();
        using var worker = new WorkerProcess(_directory, dice.Next(), lies);
        // Now and then before it has begun: opening a directory writes, too.
        if (dice.Next(EarlyOneIn) == 0) stop.WaitHandle.WaitOne(dice.Next(StartMsMax));
        else if (worker.WaitUntilOpen()) stop.WaitHandle.WaitOne(dice.Next(LongestMs));
        if (worker.HasEnded) throw new ChaosException($"the worker ended by itself: {worker.Messages}");
        image.CutPower();
        worker.Kill();
        image.Restart();
        Report.Rounds++;
        Report.Acknowledged += worker.Acknowledged;
        var acknowledged = worker.Steps.Take(worker.Acknowledged).ToList();
        Report.Truncations += acknowledged.Count(step => step.Kind == LogStep.TruncateKind);
        Report.Compactions += acknowledged.Count(step => step.Kind == LogStep.BaseKind);
        _boot = Math.Max(_boot, worker.Boot);
        Compare(worker);
    }

    private void BeginAnew()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        _directory = Path.Combine(image.Root, $"data-{Report.Rounds}");
        (_model, _boot) = (new LogModel(), 0);
    }

    private void Compare(WorkerProcess worker)
    {
        try
        {
            using var directory = DataDirectory.Open(WorkerDirectory.Options(_directory));
            var log = directory.Log;
            if (log.Damage is not null || log.Lost is not null) Alarm($"{log.Damage}, {log.Lost}");
            if (log.Boot.Value <= _boot) Lose(1, $"start {_boot} is forgotten: this is start {log.Boot}");
            var found = WorkerDirectory.Read(directory);
            Explain(found, worker);
            CheckSnapshot(found);
            (_model, _boot) = (found, log.Boot.Value);
        }
        catch (Exception refused) when (refused is StorageException or InvariantBrokenException)
        {
            Alarm(refused.Message);
            BeginAnew();
        }
        catch (InvalidDataException other)
        {
            Invent(other.Message);
            BeginAnew();
        }
    }

    /// <summary>The disk must hold what some first part of the operations adds up to, and all acknowledged ones are in that part.</summary>
    private void Explain(LogModel found, WorkerProcess worker)
    {
        var expected = _model.Copy();
        var newest = IsSame(expected, found) ? 0 : -1;
        for (var count = 1; count <= worker.Steps.Count; count++)
        {
            expected.Apply(worker.Steps[count - 1]);
            if (IsSame(expected, found)) newest = count;
        }

        if (newest < 0)
        {
            Invent($"{Describe(found)}, which no part of the {worker.Steps.Count} operations after {Describe(_model)} explains");
        }
        else if (newest < worker.Acknowledged)
        {
            Lose(worker.Acknowledged - newest, $"{worker.Acknowledged} operations were acknowledged, and the disk holds {newest}");
        }
    }

    private void CheckSnapshot(LogModel found)
    {
        if (found.Base.Index == LogIndex.Zero) return;
        var newest = SnapshotMaker.FindNewest(_directory, found.Last.Index);
        if (newest.Index < found.Base.Index) Lose(1, $"the log begins after {found.Base}, and the newest whole snapshot is {newest}");
    }

    private static bool IsSame(LogModel a, LogModel b) =>
        a.HardState == b.HardState && a.Base == b.Base && a.Last == b.Last && a.Entries.SequenceEqual(b.Entries);

    private static string Describe(LogModel model) => $"{model.HardState}, entries after {model.Base} to {model.Last}";

    private void Lose(long count, string what)
    {
        Report.Lost += count;
        note($"lost: {what}");
    }

    private void Invent(string what)
    {
        Report.Invented++;
        note($"invented: the disk holds {what}");
    }

    private void Alarm(string what)
    {
        Report.FalseAlarms++;
        note($"false alarm: {what}");
    }
}

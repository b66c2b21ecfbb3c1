using System.Diagnostics;
using Balsa.Raft;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Lanes;

/// <summary>
/// One thread that carries out the steps of one planner, in order, and sleeps when the planner waits. It ends when the
/// planner ends, or when the planner throws: then <c>failed</c> is called once and nothing more is carried out.
/// </summary>
/// <remarks>To stop it, tell the planner, then <see cref="Wake"/>, then <see cref="Join"/>. Steps and waits allocate nothing.</remarks>
public sealed class IoLane
{
    private readonly object _gate = new();
    private readonly IEnumerable<IoStep> _work;
    private readonly IDisk _disk;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private bool _awake;
    private long _lastSyncTicks, _inStepSinceTicks;

    /// <param name="failed">Called by the thread of the lane: whatever it was, nobody knows what the disk holds.</param>
    public IoLane(string name, IEnumerable<IoStep> work, IDisk disk, Action<Exception> failed)
    {
        (_work, _disk, _failed) = (work, disk, failed);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>The clock of the times below: monotonic, in ticks of 100 ns, from an arbitrary beginning.</summary>
    public static long NowTicks => Stopwatch.GetElapsedTime(0).Ticks;

    /// <summary>How long the last finished sync of a batch took; 0 when there was none.</summary>
    public long LastSyncTicks => Volatile.Read(ref _lastSyncTicks);

    /// <summary>When the step began that the disk is busy with; 0 when it is busy with none. For whoever watches for stalls.</summary>
    public long InStepSinceTicks => Volatile.Read(ref _inStepSinceTicks);

    /// <summary>Not in the constructor, so that whoever hears of a failure already has the lane.</summary>
    public void Start() => _thread.Start();

    /// <summary>There is news for the planner. When it is not waiting, its next wait ends at once.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_awake) return;
            _awake = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns when the planner has ended or failed.</summary>
    public void Join()
    {
        Invariant.Check(_thread != Thread.CurrentThread);
        _thread.Join();
    }

    /// <summary>The same for whoever cannot wait for a disk that stalls; false when the lane is still running.</summary>
    public bool TryJoin(TimeSpan limit)
    {
        Invariant.Check(_thread != Thread.CurrentThread);
        return _thread.Join(limit);
    }

    private void Run()
    {
        try
        {
            foreach (var step in _work)
            {
                if (step.Kind == StepKind.Wait) Wait(step);
                else Execute(step);
            }
        }
        catch (Exception problem)
        {
            Volatile.Write(ref _inStepSinceTicks, 0);
            _failed(problem);
        }
    }

    private void Execute(IoStep step)
    {
        var begun = NowTicks;
        Volatile.Write(ref _inStepSinceTicks, begun);
        _disk.Execute(step);
        if (step.Site == IoSite.SyncBatch) Volatile.Write(ref _lastSyncTicks, NowTicks - begun);
        Volatile.Write(ref _inStepSinceTicks, 0);
    }

    private void Wait(IoStep step)
    {
        lock (_gate)
        {
            if (step.WaitTicks == Timeout.Infinite)
                while (!_awake) Monitor.Wait(_gate);
            else
                WaitFor(step.WaitTicks);
            step.TimedOut = !_awake;
            _awake = false;
        }
    }

    private void WaitFor(long ticks)
    {
        var begun = NowTicks;
        while (!_awake && ticks - (NowTicks - begun) is > 0 and var left)
        {
            // Rounded up: a wait that ended early would be repeated many times within the last millisecond.
            var milliseconds = Math.Min(left / TimeSpan.TicksPerMillisecond + 1, int.MaxValue);
            Monitor.Wait(_gate, (int)milliseconds);
        }
    }
}

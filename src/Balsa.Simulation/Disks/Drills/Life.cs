using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Disks.Lanes;
using Balsa.Simulation.Randomness;
using Balsa.Storage;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>One process on the disk: it opens what is there, is compared with the truth, works, and can end at any half step.</summary>
internal sealed class Life
{
    private const long PatienceTicks = 10 * TimeSpan.TicksPerSecond;

    private readonly FaultyDisk _disk;
    private readonly IDrillSubject _subject;
    private readonly VirtualLanes _lanes;
    private readonly Lane _opening;
    private long _nextAct;
    private bool _isStopping;

    internal Life(FaultyDisk disk, IDrillSubject subject, Dice dice)
    {
        (_disk, _subject) = (disk, subject);
        _lanes = new VirtualLanes(disk, dice);
        _opening = _lanes.Add("opening", subject.Open());
    }

    internal bool IsOpen { get; private set; }

    /// <summary>What opened is damaged, as it says itself: there is nothing more to do with it.</summary>
    internal bool IsDamaged { get; private set; }

    /// <summary>What damage took is brought back, as others would.</summary>
    internal bool RepairsDamage { get; init; }

    /// <summary>What it says of its damage.</summary>
    internal string Claim => _subject.Claim;

    /// <summary>Nothing goes on any more.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Why it did not open.</summary>
    internal Exception? Refusal => _opening.Failure;

    /// <summary>The worker that ended before its end.</summary>
    internal Lane? Failed => IsOpen ? _lanes.Failed : null;

    internal Judgement Judgement { get; private set; }

    /// <summary>The planned failure to look after.</summary>
    internal DiskFault? Fault { get; init; }

    /// <summary>Whose step it hit, and whether that was while opening.</summary>
    internal Lane? Struck { get; private set; }

    internal bool StruckWhileOpening => Struck == _opening;

    /// <summary>After its failure was noticed the struck worker did something more, or acknowledged something.</summary>
    internal bool WentOn { get; private set; }

    /// <summary>The lane that was struck may go on, because the table says so.</summary>
    internal bool MayGoOn { get; init; }

    /// <summary>Until it is over, or for so many half steps.</summary>
    internal void Run(long halfSteps)
    {
        while (halfSteps-- > 0 && !IsOver) Advance();
    }

    internal void RunUntilOpen()
    {
        while (!IsOpen && !IsOver) Advance();
    }

    /// <summary>Nothing more is asked, and until all is durable only the workers run: a healthy disk needs no more than this.</summary>
    internal void Settle()
    {
        if (!IsOpen) return;
        var until = _lanes.Now + PatienceTicks;
        for (_nextAct = long.MaxValue; !IsOver && !_subject.IsSettled && _lanes.Now < until;) Advance();
        _nextAct = _lanes.Now;
        if (Failed is null && Judgement.IsGood && !_subject.IsSettled)
            (Judgement, IsOver) = (new Judgement(DiskFinding.Stuck, "what waits does not become durable"), true);
    }

    /// <summary>A clean stop, to its end.</summary>
    internal void Stop(long halfSteps = long.MaxValue)
    {
        if (IsOver || !IsOpen) return;
        _isStopping = true;
        _subject.Stop();
        Run(halfSteps);
    }

    private void Advance()
    {
        if (IsOpen && !_isStopping && _lanes.Now >= _nextAct) _nextAct = _lanes.Now + _subject.Act();
        var (hits, acknowledged) = (Fault?.Hits ?? 0, _subject.Acknowledged);
        var hasAdvanced = _lanes.Advance(IsOpen && !_isStopping ? _nextAct : long.MaxValue);
        if (hasAdvanced) LookAfterFault(hits, acknowledged);
        if (_lanes.Failed is not null)
        {
            IsOver = true;
            if (_lanes.Failed.Failure is not StorageException and var other)
                Judgement = new Judgement(DiskFinding.Broken, $"{_lanes.Failed.Name}: {other!.GetType().Name}: {other.Message}");
        }
        else if (!IsOpen && _opening.State == LaneState.Ended)
        {
            BeginWork();
        }
        else if (!hasAdvanced && (_isStopping || !IsOpen || _nextAct == long.MaxValue))
        {
            IsOver = true;
        }
        if (!_subject.Complaint.IsGood) (Judgement, IsOver) = (_subject.Complaint, true);
        if (_disk.Misuse is { } misuse) (Judgement, IsOver) = (new Judgement(DiskFinding.Broken, misuse), true);
    }

    private void LookAfterFault(int hitsBefore, long acknowledgedBefore)
    {
        if (Fault is null) return;
        if (Struck is null)
        {
            if (Fault.Hits > hitsBefore) Struck = _lanes.Current;
        }
        else if (Struck == _lanes.Current && !MayGoOn)
        {
            WentOn |= Struck.Failure is null || _subject.Acknowledged > acknowledgedBefore;
        }
    }

    private void BeginWork()
    {
        IsOpen = true;
        Judgement = ReadAndCompare();
        if (!Judgement.IsGood)
        {
            IsOver = true;
            return;
        }
        if (IsDamaged && !(RepairsDamage && _subject.TryRepair()))
        {
            IsOver = true;
            return;
        }
        _subject.Start(_lanes);
        _nextAct = _lanes.Now;
    }

    /// <summary>Looking costs no virtual time and meets no fault.</summary>
    private Judgement ReadAndCompare()
    {
        _disk.Faults.AreSuspended = true;
        var reading = new VirtualLanes(_disk, new Dice(0));
        reading.Add("reading back", _subject.ReadBack());
        reading.Run();
        _disk.Faults.AreSuspended = false;
        if (reading.Failed is { } failed) return Unreadable(failed.Failure!);
        IsDamaged = _subject.ClaimsDamage;
        return IsDamaged ? _subject.CompareDamaged() : _subject.Compare();
    }

    private static Judgement Unreadable(Exception failure) => failure is StorageException
        ? new Judgement(DiskFinding.Lost, $"opened, and cannot be read back: {failure.Message}")
        : new Judgement(DiskFinding.Broken, $"reading back: {failure.GetType().Name}: {failure.Message}");
}

using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Storage;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>What all kinds of rounds need: a disk, a subject, a second one of each, and the book of what was found.</summary>
internal sealed class DrillBench(IDrillSubject subject, IDrillSubject twin)
{
    private DiskRoundFailure? _failure;
    private ulong _seed, _hash;

    internal DiskDrillReport Report { get; } = new();

    internal FaultyDisk Disk { get; } = new();

    internal IDrillSubject Subject { get; } = subject;

    internal FaultyDisk TwinDisk { get; } = new();

    internal IDrillSubject Twin { get; } = twin;

    /// <summary>Receives a readable line a step.</summary>
    internal Action<string>? Listener { get; set; }

    internal bool HasFailed => _failure is not null;

    internal void BeginRound(ulong seed, Dice dice)
    {
        (_seed, _failure, _hash) = (seed, null, 0);
        Empty(dice);
    }

    /// <summary>A new disk, and nothing was ever written.</summary>
    internal void Empty(Dice dice, bool isSmall = false)
    {
        Disk.Reset();
        Disk.Watcher = Listener is null ? null : TellStep;
        Disk.Dice = dice.Fork(1);
        Subject.Reset(dice.Fork(2), isSmall);
    }

    /// <summary>From here on the subject sees every step: only who damages something needs that.</summary>
    internal void BeginWatching() => Disk.Watcher = step =>
    {
        Subject.Watch(Disk, step);
        TellStep(step);
    };

    internal DiskRoundFailure? EndRound()
    {
        Report.Rounds++;
        NoteTrace();
        // A sum over rounds, so that it does not matter which thread played which.
        Report.Hash += Mixing.Mix(_seed, _hash);
        if (_failure is { } failure) Report.Add(failure);
        return _failure;
    }

    /// <summary>The disk is about to be used for something else: what happened on it belongs to the round.</summary>
    internal void NoteTrace() => _hash = Mixing.Mix(_hash, Disk.Trace);

    internal Life NewLife(Dice dice, DiskFault? fault = null, bool repairsDamage = false)
    {
        Tell("a process starts");
        return new Life(Disk, Subject, dice.Fork(3)) { Fault = fault, RepairsDamage = repairsDamage };
    }

    /// <summary>A line of the story, for somebody who listens.</summary>
    internal void Tell(string line) => Listener?.Invoke(line);

    internal void Fail(DiskFinding finding, string text) => _failure ??= new DiskRoundFailure(_seed, finding, text);

    /// <summary>A life on a disk that kept everything it confirmed: it must open, hold the truth, and go on.</summary>
    internal bool MustBeSound(Life life)
    {
        if (!life.Judgement.IsGood) Fail(life.Judgement.Finding, life.Judgement.Text);
        else if (life.Refusal is { } refusal) Fail(FindingOf(refusal), $"refused: {refusal.Message}");
        else if (life.IsDamaged) Fail(DiskFinding.FalseAlarm, $"it says that it is damaged: {life.Claim}");
        else if (life.Failed is { } failed) Fail(FindingOf(failed.Failure!), $"{failed.Name} stopped: {failed.Failure!.Message}");
        return !HasFailed;
    }

    /// <summary>The process ends, mostly with the power.</summary>
    internal void Die(Life life, Dice dice)
    {
        Report.CrashPoints++;
        var draw = dice.Below(100);
        if (draw < 10)
        {
            life.Stop();
            if (!life.Judgement.IsGood || life.Failed is not null) return;
        }
        if (draw < 25 && draw % 2 == 0)
        {
            Tell("the process is killed");
            Disk.Kill();
        }
        else
        {
            CutPower(dice);
        }
    }

    internal void CutPower(Dice dice)
    {
        Tell("the power is cut");
        var draw = dice.Below(100);
        if (draw < 20) Disk.Crash(Survival.Nothing);
        else if (draw < 30) Disk.Crash(Survival.Everything);
        else if (draw < 45) Disk.Crash(Survival.UpTo(Disk.Steps - dice.Below(12)));
        else Disk.Crash(Survival.AnySubset(dice));
    }

    /// <summary>How long a process lives, in half steps: often it does not even open.</summary>
    internal static int LifeSpan(Dice dice) => dice.Below(10) switch
    {
        < 3 => dice.Below(140),
        < 7 => dice.Between(80, 350),
        _ => dice.Between(200, 900),
    };

    private void TellStep(IoStep step) =>
        Listener?.Invoke(step.ErrorNumber == 0 ? $"  {step.Site}: {step}" : $"  {step.Site}: {step}: failed with {step.ErrorNumber}");

    private static DiskFinding FindingOf(Exception failure) => failure is StorageException ? DiskFinding.FalseAlarm : DiskFinding.Broken;
}

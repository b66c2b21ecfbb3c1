using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Disks.Media;
using Balsa.Simulation.Randomness;
using Balsa.Storage;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>
/// Some lives, and then the medium changes one thing that it had confirmed, or has lied about one write. The next start must
/// say so, or hold the truth all the same.
/// </summary>
internal sealed class DamageRound(DrillBench bench, Dice dice)
{
    private static readonly DamageKind[] Rot = [DamageKind.BitFlip, DamageKind.SectorZeroed, DamageKind.SectorGarbage];

    private DiskFault? _lie;
    private Damage _rot;

    internal void Run()
    {
        bench.BeginWatching();
        if (!TryLive()) return;
        if (_rot is { IsNothing: false })
        {
            Judge(_rot);
            return;
        }
        if (Spoil() is { IsNothing: false } damage)
        {
            bench.Tell(damage.ToString());
            bench.Report.CountCorruption(damage.Kind);
            Judge(damage);
            return;
        }
        var life = bench.NewLife(dice);
        life.RunUntilOpen();
        bench.MustBeSound(life);
    }

    private bool TryLive()
    {
        for (var lives = dice.Between(1, 3); lives > 0; lives--)
        {
            if (lives == 1 && dice.Chance(250)) PlanLie();
            var life = bench.NewLife(dice);
            life.Run(lives == 1 ? dice.Between(100, 900) : DrillBench.LifeSpan(dice));
            if (!bench.MustBeSound(life)) return false;
            if (lives == 1 && dice.Chance(150) && !TryRot(life)) return false;
            // What it would write now could make the damage good again.
            if (lives == 1 && _rot.IsNothing && dice.Chance(350)) life.Stop();
            if (!bench.MustBeSound(life)) return false;
            if (lives > 1) bench.Die(life, dice);
            if (!bench.MustBeSound(life)) return false;
        }
        bench.Report.CrashPoints++;
        bench.CutPower(dice);
        bench.Disk.Faults.Heal();
        return true;
    }

    /// <summary>Something is damaged below a running process, and it reads what it has written.</summary>
    private bool TryRot(Life life)
    {
        life.Settle();
        if (!bench.MustBeSound(life)) return false;
        var target = bench.Subject.PickTarget(bench.Disk, dice, isOld: false);
        if (!life.IsOpen || _lie is not null || bench.Disk.Names.Find(target.Path) is not { IsCold: true }) return true;
        _rot = new Corruptor(bench.Disk, dice).Do(dice.OneOf<DamageKind>(Rot), target.Path, target.From, target.To);
        if (_rot.IsNothing) return true;
        bench.Tell(_rot.ToString());
        bench.Report.CountCorruption(_rot.Kind);
        if (life.ReadAgain()) bench.Report.Noticed++;
        if (!life.Judgement.IsGood) bench.Fail(life.Judgement.Finding, $"{life.Judgement.Text}; {_rot}");
        return !bench.HasFailed;
    }

    private void PlanLie() => bench.Disk.Faults.Plan(_lie = new DiskFault
    {
        Kind = dice.Chance(500) ? DiskFaultKind.LostWrite : DiskFaultKind.MisdirectedWrite, Nth = dice.Between(1, 40),
    });

    private Damage Spoil()
    {
        if (_lie is { Hits: > 0 }) return WhatTheLieLeft();
        var corruptor = new Corruptor(bench.Disk, dice);
        for (var attempts = 0; attempts < 4; attempts++)
        {
            var target = bench.Subject.PickTarget(bench.Disk, dice, isOld: false);
            if (target.Path.Length == 0) continue;
            var kind = Corruptor.Kinds[dice.Below(Corruptor.Kinds.Count)];
            var damage = corruptor.Do(kind, target.Path, target.From, target.To);
            if (!damage.IsNothing) return damage;
        }
        return default;
    }

    /// <summary>Later writes to the same sectors may have made it good.</summary>
    private Damage WhatTheLieLeft()
    {
        var kind = _lie!.Kind == DiskFaultKind.LostWrite ? DamageKind.LostWrite : DamageKind.MisdirectedWrite;
        var damage = new Damage(kind, "", 0, 0);
        foreach (var entry in bench.Disk.Names.Now)
        {
            if (entry.File is not { } file || !file.TryFindDamage(out var offset, out var length)) continue;
            if (damage.IsNothing) damage = damage with { Path = entry.Path, File = file.Number, Offset = offset, Length = length };
            else damage = damage with { LandedIn = entry.Path, LandedFile = file.Number, LandedAt = offset, LandedLength = length };
        }
        return damage;
    }

    private void Judge(in Damage damage)
    {
        var isUnconfirmed = bench.Subject.Assess(bench.Disk, damage);
        if (isUnconfirmed) bench.Report.UnconfirmedInjected++;
        var life = bench.NewLife(dice, repairsDamage: true);
        life.RunUntilOpen();
        if (life.Refusal is StorageException)
        {
            Notice(isUnconfirmed);
        }
        else if (life.Judgement.Finding == DiskFinding.Broken)
        {
            bench.Fail(DiskFinding.Broken, $"{life.Judgement.Text}; {damage}");
        }
        else if (!life.IsOpen)
        {
            bench.Fail(DiskFinding.Broken, $"it neither opened nor refused; {damage}");
        }
        else if (!life.Judgement.IsGood)
        {
            var excuse = bench.Subject.FindExcuse();
            if (excuse == Excuse.RolledBack) bench.Report.RolledBack++;
            else if (excuse == Excuse.None) bench.Fail(DiskFinding.Undetected, $"{life.Judgement.Text}; {damage}");
        }
        else if (life.IsDamaged)
        {
            Notice(isUnconfirmed);
            SeeToRepair(life, damage);
        }
        else if (bench.Subject.MustNotice)
        {
            bench.Fail(DiskFinding.Undetected, $"all is right, and nobody says that bytes in use were damaged; {damage}");
        }
        else
        {
            bench.Report.Harmless++;
        }
    }

    private void Notice(bool isUnconfirmed)
    {
        bench.Report.Noticed++;
        if (isUnconfirmed) bench.Report.UnconfirmedNoticed++;
    }

    /// <summary>Until everything is back the member must go on saying that it is damaged; after that all must be well.</summary>
    private void SeeToRepair(Life life, in Damage damage)
    {
        var isRepairing = !life.IsOver;
        if (!isRepairing || dice.Chance(400))
        {
            life.Run(dice.Below(80));
            if (!life.Judgement.IsGood || life.Failed is not null) goto Failed;
            bench.Report.CrashPoints++;
            bench.CutPower(dice);
            life = bench.NewLife(dice, repairsDamage: true);
            life.RunUntilOpen();
            if (!life.Judgement.IsGood || life.Failed is not null) goto Failed;
            if (!isRepairing)
            {
                if (life.IsOpen && !life.IsDamaged) bench.Fail(DiskFinding.Undetected, $"forgotten at the next start: {damage}");
                return;
            }
        }
        life.Settle();
        if (dice.Chance(500)) life.Stop();
        if (!life.Judgement.IsGood || life.Failed is not null) goto Failed;
        bench.CutPower(dice);
        life = bench.NewLife(dice);
        life.RunUntilOpen();
        bench.Report.Repairs++;
        bench.MustBeSound(life);
        return;
    Failed:
        var text = life.Failed is { } failed ? $"{failed.Name} stopped: {failed.Failure!.Message}" : life.Judgement.Text;
        bench.Fail(life.Judgement.IsGood ? DiskFinding.Broken : life.Judgement.Finding, $"while repairing: {text}; {damage}");
    }
}

using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Storage;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>
/// One script, one place in the code, one error: the script is played again and again, and each time the place fails at its
/// next visit. What follows must be what the table of faults says, and the next start must hold the truth.
/// </summary>
internal sealed class SiteRound(DrillBench bench, Dice dice)
{
    private const int VisitsMax = 6;

    private readonly ulong _script = dice.Next();
    private readonly long[] _visits = new long[Enum.GetValues<IoSite>().Length];
    private Damage _damage;

    internal void Run()
    {
        Play(fault: null);
        if (bench.HasFailed || Pick() is not { } site) return;
        var error = (DiskError)dice.Between((int)DiskError.Io, (int)DiskError.Other);
        var visits = _visits[(int)site];
        var step = Math.Max(1, visits / VisitsMax);
        for (var nth = 1 + dice.Below(step); nth <= visits && !bench.HasFailed; nth += step)
            Play(DiskFault.At(site, nth, error));
    }

    /// <summary>
    /// All places that the script came by are about equally likely, however often it did; those that it hardly ever comes by
    /// a little more.
    /// </summary>
    private IoSite? Pick()
    {
        var (picked, seen) = (IoSite.None, 0);
        foreach (var site in bench.Subject.Sites)
        {
            for (var weight = WeightOf(site); weight > 0; weight--)
                if (dice.Below(++seen) == 0) picked = site;
        }
        return seen == 0 ? null : picked;
    }

    private int WeightOf(IoSite site) => _visits[(int)site] switch
    {
        0 => 0,
        // Only damage to a file with later ones behind it leads there.
        _ when site == IoSite.RenameDamaged => 15,
        <= 2 => 3,
        _ => 1,
    };

    /// <summary>The same dice each time, so everything is the same until the fault.</summary>
    private void Play(DiskFault? fault)
    {
        var own = new Dice(_script);
        bench.NoteTrace();
        bench.Empty(own);
        bench.BeginWatching();
        Prepare(own);
        if (bench.HasFailed) return;
        foreach (var site in bench.Subject.Sites) _visits[(int)site] = -bench.Disk.Faults.Visits(site);
        if (fault is not null) bench.Disk.Faults.Plan(fault);
        var life = bench.NewLife(own, fault, repairsDamage: true);
        life.Run(own.Between(150, 600));
        // What was struck shall have the time to notice.
        for (var i = 0; i < 60 && life.Struck is { State: not Lanes.LaneState.Ended }; i++) life.Run(1);
        if (!life.IsOver && own.Chance(500)) life.Stop();
        foreach (var site in bench.Subject.Sites) _visits[(int)site] += bench.Disk.Faults.Visits(site);
        if (fault is { Hits: > 0 })
        {
            bench.Report.CountSiteFailure(fault.Site);
            JudgeReaction(life, fault);
        }
        else if (life.Refusal is null && _damage.IsNothing)
        {
            bench.MustBeSound(life);
        }
        if (bench.HasFailed) return;
        bench.Report.CrashPoints++;
        if (own.Chance(250)) bench.Disk.Kill();
        else bench.CutPower(own);
        bench.Disk.Faults.Heal();
        Reopen(own, fault);
    }

    /// <summary>A past of some lives, and now and then a damaged file in it, because only then some places are visited.</summary>
    private void Prepare(Dice own)
    {
        _damage = default;
        for (var lives = own.Below(3); lives > 0; lives--)
        {
            var life = bench.NewLife(own);
            life.Run(DrillBench.LifeSpan(own));
            if (!bench.MustBeSound(life)) return;
            bench.CutPower(own);
        }
        if (!own.Chance(250)) return;
        if (!bench.Disk.IsCold) bench.CutPower(own);
        var target = bench.Subject.PickTarget(bench.Disk, own, isOld: own.Chance(700));
        if (target.Path.Length > 0) _damage = new Corruptor(bench.Disk, own).Do(DamageKind.BitFlip, target.Path, target.From, target.To);
        if (!_damage.IsNothing) bench.Subject.Assess(bench.Disk, _damage);
    }

    private void JudgeReaction(Life life, DiskFault fault)
    {
        var what = $"{fault.Error} at visit {fault.Nth} of {fault.Site}";
        if (!life.Judgement.IsGood && _damage.IsNothing)
        {
            bench.Fail(life.Judgement.Finding, $"after {what}: {life.Judgement.Text}");
        }
        else if (life.Judgement.Finding == DiskFinding.Broken || life.Refusal is not (null or StorageException))
        {
            bench.Fail(DiskFinding.Broken, $"after {what}: {life.Judgement.Text}{life.Refusal?.Message}");
        }
        else if (life.StruckWhileOpening)
        {
            // Directories far above may belong to others, what should be deleted may be gone, and that nothing is there yet
            // is what the first attempt to make a directory finds out: these stop a start or not.
            var isEither = fault is { Site: IoSite.SyncParent, Error: DiskError.Denied }
                or { Site: IoSite.MakeDirectory or IoSite.DeleteLeftover, Error: DiskError.NotFound };
            var isNothing = fault.Site == IoSite.CloseFile;
            if (isNothing == life.Refusal is not null && _damage.IsNothing && !isEither)
                bench.Fail(DiskFinding.WrongReaction, $"after {what} while opening: {life.Refusal?.Message ?? "opened"}");
        }
        else
        {
            JudgeWorker(life, fault, what);
        }
    }

    private void JudgeWorker(Life life, DiskFault fault, string what)
    {
        // What is read may have been compacted meanwhile: then there is no such file, and nothing is wrong.
        if (fault is { Site: IoSite.OpenEntries, Error: DiskError.NotFound }) return;
        var reaction = FaultTable.Of(fault.Site, fault.Error);
        var failure = life.Struck!.Failure;
        if (reaction == Reaction.Stop && life.WentOn)
            bench.Fail(DiskFinding.StoppedLate, $"after {what} {life.Struck.Name} went on");
        else if (reaction == Reaction.Stop && failure is not StorageException)
            bench.Fail(DiskFinding.WrongReaction, $"after {what} {life.Struck.Name} did not stop");
        else if (reaction != Reaction.Stop && life.Failed is { } failed)
            bench.Fail(DiskFinding.WrongReaction, $"{reaction} is due after {what}, but {failed.Name} stopped: {failed.Failure!.Message}");
    }

    private void Reopen(Dice own, DiskFault? fault)
    {
        var life = bench.NewLife(own, repairsDamage: true);
        life.RunUntilOpen();
        if (!_damage.IsNothing)
        {
            var isExcused = life.Judgement.IsGood || (life.IsOpen && bench.Subject.FindExcuse() != Excuse.None);
            if (!isExcused || life.Judgement.Finding == DiskFinding.Broken)
                bench.Fail(life.Judgement.Finding, $"{life.Judgement.Text}; {_damage}");
            return;
        }
        life.Run(own.Below(200));
        if (!life.IsOver) life.Stop();
        if (!bench.MustBeSound(life)) return;
        if (!life.IsOpen) bench.Fail(DiskFinding.Broken, $"it neither opened nor refused after {fault?.Error} at {fault?.Site}");
        bench.Disk.Crash(Survival.Nothing);
        life = bench.NewLife(own);
        life.RunUntilOpen();
        bench.MustBeSound(life);
    }
}

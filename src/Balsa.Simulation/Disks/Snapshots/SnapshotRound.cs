using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Drills;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Snapshots;

/// <summary>
/// Snapshots are made, taken in and pruned, and processes end at any step; or the medium damages one; or one place of the
/// code fails. The next start must find the newest that is whole, with its very bytes.
/// </summary>
internal sealed class SnapshotRound<TProbe>(DrillBench bench, Dice dice)
    where TProbe : struct, IStorageProbe
{
    private const int FaultsOfRound = 4;

    /// <summary>Behind these a snapshot is there and not yet safe, or parts of one are.</summary>
    private static readonly IoSite[] Borders =
    [
        IoSite.RenameSnapshot, IoSite.RenameIncoming, IoSite.SyncSnapshotName, IoSite.SyncIncomingName, IoSite.WriteSnapshot,
        IoSite.WriteIncoming, IoSite.SyncIncoming, IoSite.DeleteSnapshot, IoSite.SyncPrunedNames, IoSite.ReadSnapshot,
    ];

    private readonly ulong _script = dice.Next();
    private readonly long[] _visits = new long[Enum.GetValues<IoSite>().Length];
    private SnapshotTruth _truth = new(0);

    internal static void Run(DrillBench bench, Dice dice) => new SnapshotRound<TProbe>(bench, dice).Run();

    private void Run()
    {
        var draw = dice.Below(100);
        if (draw < 62) Damage();
        else if (draw < 84) Crash();
        else FailAtSites();
    }

    private void Begin(Dice own)
    {
        bench.NoteTrace();
        bench.Empty(own);
        _truth = new SnapshotTruth(own.Next());
        bench.Disk.AddDirectory(_truth.Directory.Path);
    }

    private SnapshotLife<TProbe> NewLife(Dice own, int generations, DiskFault? fault = null) =>
        new(bench, _truth, own.Fork(3), generations) { Fault = fault };

    /// <summary>Any number of steps, or up to a step at any place, and then the power goes or only the process.</summary>
    private void Crash()
    {
        Begin(dice);
        for (var lives = dice.Between(2, 6); lives > 0 && !bench.HasFailed; lives--)
        {
            var last = dice.Chance(600) ? dice.OneOf<IoSite>(Borders) : IoSite.None;
            NewLife(dice, dice.Between(1, 2)).Run(dice.Between(1, 4), dice.Chance(600) ? dice.Below(90) : int.MaxValue, last);
            // Only who lives on after a kill can rely on a name that a power cut still takes back.
            Die(dice, killedPermille: last is IoSite.RenameSnapshot or IoSite.RenameIncoming ? 800 : 350);
            dice.Next();
        }
        if (!bench.HasFailed) NewLife(dice, 2).Run(1);
    }

    private void Die(Dice own, int killedPermille = 350)
    {
        bench.Report.CrashPoints++;
        if (own.Chance(killedPermille))
        {
            bench.Tell("the process is killed");
            bench.Disk.Kill();
        }
        else
        {
            bench.CutPower(own);
        }
    }

    private void Damage()
    {
        Begin(dice);
        var lie = dice.Chance(150) ? PlanLie() : null;
        NewLife(dice, 2).Run(dice.Between(2, 5));
        bench.Disk.Kill();
        if (dice.Chance(200)) NewLife(dice, 2).Run(dice.Between(2, 5), dice.Between(20, 80), IoSite.SyncIncoming);
        if (bench.HasFailed) return;
        bench.Report.CrashPoints++;
        bench.CutPower(dice);
        bench.Disk.Faults.Heal();
        var damage = lie is { Hits: > 0 } ? WhatTheLieLeft(lie) : Spoil();
        if (!damage.IsNothing)
        {
            bench.Tell(damage.ToString());
            bench.Report.CountCorruption(damage.Kind);
            _truth.OnDamage();
        }
        dice.Next();
        var life = NewLife(dice, 2);
        life.Run(dice.Between(1, 3));
        if (bench.HasFailed) return;
        // One that is gone, or older than what is used, takes nothing away: the log reaches back to the one that is used.
        if (life.HasNoticed && !damage.IsNothing) bench.Report.Noticed++;
        else if (!damage.IsNothing) bench.Report.Harmless++;
        Die(dice);
        dice.Next();
        NewLife(dice, 2).Run(1);
    }

    private DiskFault PlanLie()
    {
        var lie = new DiskFault
        {
            Kind = dice.Chance(500) ? DiskFaultKind.LostWrite : DiskFaultKind.MisdirectedWrite, Nth = dice.Between(1, 16),
        };
        bench.Disk.Faults.Plan(lie);
        return lie;
    }

    private Damage WhatTheLieLeft(DiskFault lie)
    {
        var kind = lie.Kind == DiskFaultKind.LostWrite ? DamageKind.LostWrite : DamageKind.MisdirectedWrite;
        foreach (var entry in bench.Disk.Names.Now)
            if (entry.File is { } file && file.TryFindDamage(out var offset, out var length))
                return new Damage(kind, entry.Path, offset, length) { File = file.Number };
        return new Damage(kind, "", 0, 0);
    }

    /// <summary>Mostly the newest, which is the one that the next start wants, or what the next transfer goes on from.</summary>
    private Damage Spoil()
    {
        var incoming = "";
        foreach (var entry in bench.Disk.Names.Now)
            if (entry.Path.EndsWith(".incoming", StringComparison.Ordinal)) incoming = entry.Path;
        var corruptor = new Corruptor(bench.Disk, dice);
        for (var attempts = 0; attempts < 6; attempts++)
        {
            var kind = Corruptor.Kinds[dice.Below(Corruptor.Kinds.Count)];
            var newest = _truth.NewestWhole(bench.Disk);
            var path = incoming.Length > 0 && dice.Chance(400) ? incoming : newest is null ? "" : _truth.Directory.PathOf(newest.Id);
            var damage = path.Length == 0 || dice.Chance(200) ? corruptor.Do(kind) : corruptor.Do(kind, path);
            if (!damage.IsNothing) return damage;
        }
        return default;
    }

    /// <summary>The same script again and again, each time with another place that fails once.</summary>
    private void FailAtSites()
    {
        Play(fault: null);
        for (var i = 0; i < FaultsOfRound && !bench.HasFailed; i++)
        {
            if (Pick() is not { } site) return;
            var error = (DiskError)dice.Between((int)DiskError.Io, (int)DiskError.Other);
            Play(DiskFault.At(site, 1 + dice.Below(_visits[(int)site]), error));
        }
    }

    private IoSite? Pick()
    {
        var (picked, seen) = (IoSite.None, 0);
        foreach (var site in SnapshotSites.All)
            if (_visits[(int)site] > 0 && dice.Below(++seen) == 0) picked = site;
        return seen == 0 ? null : picked;
    }

    private void Play(DiskFault? fault)
    {
        var own = new Dice(_script);
        Begin(own);
        NewLife(own, 2).Run(own.Between(1, 3), own.Chance(500) ? own.Between(20, 90) : int.MaxValue);
        if (bench.HasFailed) return;
        Die(own);
        own.Next();
        if (fault is null)
            foreach (var site in SnapshotSites.All) _visits[(int)site] = -bench.Disk.Faults.Visits(site);
        else bench.Disk.Faults.Plan(fault);
        NewLife(own, own.Between(1, 2), fault).Run(own.Between(2, 4));
        if (fault is null)
            foreach (var site in SnapshotSites.All) _visits[(int)site] += bench.Disk.Faults.Visits(site);
        else if (fault.Hits > 0) bench.Report.CountSiteFailure(fault.Site);
        if (bench.HasFailed) return;
        bench.Disk.Faults.Heal();
        Die(own);
        own.Next();
        NewLife(own, 2).Run(2);
    }
}

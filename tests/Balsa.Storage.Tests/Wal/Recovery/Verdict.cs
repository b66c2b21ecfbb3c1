using Balsa.Raft.Recovery;

namespace Balsa.Storage.Tests.Wal.Recovery;

/// <summary>What a start made of a directory that was tampered with.</summary>
internal enum Verdict
{
    /// <summary>All is as if nothing had happened.</summary>
    Same = 1,

    /// <summary>The start refused, or said what is damaged and promised nothing wrong.</summary>
    Detected,

    /// <summary>Something is gone and nobody said so.</summary>
    Silent,

    /// <summary>It was noticed, and what is believed nevertheless is wrong.</summary>
    Wrong,
}

internal static class Verdicts
{
    public static Verdict Of(PlainDisk disk, LogContent expected) => Of(disk, expected, out _);

    /// <summary>Opens twice: what the first start made of it must be what the second one reads.</summary>
    public static Verdict Of(PlainDisk disk, LogContent expected, out string told)
    {
        var world = new LogWorld { Disk = disk };
        try
        {
            world.Open();
        }
        catch (StorageException refusal)
        {
            told = refusal.Message;
            return Verdict.Detected;
        }

        told = Tell(world);
        if (world.Log.Mode == RecoveryMode.Intact) return LogContent.Of(world) == expected ? Verdict.Same : Verdict.Silent;
        // Term and vote are right, or said to be lost.
        if (world.Log.Mode == RecoveryMode.Repairing && world.Log.HardState != expected.HardState) return Verdict.Wrong;
        return AgreesAfterwards(world, ref told) ? Verdict.Detected : Verdict.Wrong;
    }

    private static bool AgreesAfterwards(LogWorld world, ref string told)
    {
        var (found, lost) = (LogContent.WithoutEntries(world), world.Log.Lost);
        try
        {
            world.Reopen();
        }
        catch (StorageException refusal)
        {
            told += " | then " + refusal.Message;
            return false;
        }

        told += " | then " + Tell(world);
        if (world.Log.Damage is not null || world.Log.Lost != lost) return false;
        return LogContent.WithoutEntries(world) == found with { Boot = found.Boot + 1 };
    }

    private static string Tell(LogWorld world) => $"{world.Log.Damage} {world.Log.Lost} {world.Log.HardState} boot {world.Log.Boot}";
}

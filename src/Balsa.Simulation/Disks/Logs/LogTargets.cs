using Balsa.Simulation.Disks.Drills;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>Damages where it hurts: mostly in bytes that are used, and often in the segment that was written last.</summary>
internal static class LogTargets
{
    private const int BlockBytes = 512;

    internal static DamageTarget Pick(FaultyDisk disk, Dice dice, bool isOld)
    {
        var (newest, older, any) = ("", "", "");
        int segments = 0, files = 0;
        foreach (var entry in disk.Names.Now)
        {
            if (entry.File is not { Length: > 0 }) continue;
            if (dice.Below(++files) == 0) any = entry.Path;
            if (!entry.Path.EndsWith(".wal", StringComparison.Ordinal)) continue;
            var left = entry.Path;
            if (string.CompareOrdinal(left, newest) > 0) (left, newest) = (newest, left);
            if (left.Length > 0 && dice.Below(++segments) == 0) older = left;
        }
        var draw = dice.Below(100);
        var path = draw < 50 && !isOld ? newest : draw < 85 && older.Length > 0 ? older : any;
        if (path.Length == 0 || !disk.TryLook(path, out var content)) return new DamageTarget("", 0, 0);
        var used = content.LastIndexOfAnyExcept((byte)0) + 1;
        return dice.Below(10) switch
        {
            0 => new DamageTarget(path, 0, content.Length),
            1 => new DamageTarget(path, 0, Math.Min(used, BlockBytes)),
            2 => new DamageTarget(path, BlockBytes, Math.Min(content.Length, 3 * BlockBytes)),
            3 or 4 => new DamageTarget(path, Math.Max(0, used - 300), Math.Min(content.Length, used + 8)),
            _ => new DamageTarget(path, Math.Min(3 * BlockBytes, used / 2), Math.Max(1, used)),
        };
    }
}

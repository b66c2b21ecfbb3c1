using Balsa.KeyValue.Commands;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Scripts;

/// <summary>Invents puts, deletes, ranges and conditions about the keys of a round and the state that the model is in.</summary>
internal sealed class RequestScript(Dice dice, KeyPool keys, NaiveStore model)
{
    private const int LongestValue = 3000;

    internal byte[] Key() => dice.Chance(4) ? [] : keys.Draw(dice);

    internal byte[] Value()
    {
        var draw = dice.Below(1000);
        if (draw < 150) return [];
        var length = draw < 980 ? dice.Between(1, 12) : dice.Between(13, LongestValue);
        var value = new byte[length];
        foreach (ref var letter in value.AsSpan()) letter = draw < 500 ? (byte)dice.Below(3) : (byte)dice.Below(256);
        return value;
    }

    internal PlainPut Put()
    {
        var options = PutOptions.None;
        if (dice.Chance(350)) options |= PutOptions.ReturnPrevious;
        if (dice.Chance(80)) options |= PutOptions.KeepValue;
        if (dice.Chance(80)) options |= PutOptions.KeepLease;
        if (dice.Chance(60)) options |= PutOptions.MustExist;
        var keepsValue = (options & PutOptions.KeepValue) != PutOptions.None && !dice.Chance(100);
        var keepsLease = (options & PutOptions.KeepLease) != PutOptions.None && !dice.Chance(100);
        return new PlainPut(Key(), keepsValue ? [] : Value(), keepsLease ? 0 : Lease(), options);
    }

    internal PlainDelete Delete()
    {
        var key = Key();
        return dice.Chance(10) ? new PlainDelete([0], [0], dice.Chance(500)) : new PlainDelete(key, End(key), dice.Chance(400));
    }

    internal PlainRange Range(long revision, long compacted)
    {
        var key = dice.Chance(100) ? [0] : Key();
        return new PlainRange(key, dice.Chance(60) ? [0] : End(key))
        {
            Limit = dice.Chance(400) ? Limit() : 0,
            Revision = dice.Chance(450) ? Revision(revision, compacted) : 0,
            Order = dice.Chance(400) ? (SortOrder)dice.Between(1, 2) : (SortOrder)(dice.Chance(12) ? 5 : 0),
            Target = dice.Chance(450) ? (SortTarget)dice.Below(5) : (SortTarget)(dice.Chance(8) ? 7 : 0),
            Options = (RangeOptions)(dice.Chance(300) ? dice.Below(8) : 0),
            ModifiedMin = Bound(revision), ModifiedMax = Bound(revision), CreatedMin = Bound(revision), CreatedMax = Bound(revision),
        };
    }

    internal PlainCompare Compare()
    {
        var key = Key();
        var result = (CompareResult)(dice.Chance(20) ? dice.Between(4, 9) : dice.Below(4));
        var target = (CompareTarget)(dice.Chance(10) ? 5 : dice.Below(5));
        var known = model.History.Find(key, NaiveHistory.Now);
        var number = target switch
        {
            _ when dice.Chance(150) => dice.OneOf(0, 1, -1, long.MinValue, long.MaxValue),
            CompareTarget.Version => known?.Version ?? 0,
            CompareTarget.Created => known?.Created ?? 0,
            CompareTarget.Modified => known?.Modified ?? 0,
            _ => known?.Lease ?? 0,
        };
        var value = known is null || dice.Chance(300) ? Value() : known.Value;
        return new PlainCompare(result, target, key, dice.Chance(700) ? [] : End(key), number + dice.OneOf(0, 0, 0, 1, -1), value);
    }

    /// <summary>Any lease that is there, or one that is not.</summary>
    internal long Lease()
    {
        if (dice.Chance(550)) return 0;
        var all = model.Leases.All;
        return all.Count > 0 && !dice.Chance(60) ? all[dice.Below(all.Count)].Id : dice.OneOf(5, -5, long.MinValue, 77);
    }

    internal long Revision(long revision, long compacted)
    {
        switch (dice.Below(10))
        {
            case 0: return revision + dice.Between(1, 3);
            case 1: return dice.OneOf(-1, 0, long.MinValue, long.MaxValue, 1);
            case 2: return compacted + dice.Between(-1, 1);
            case 3: return revision;
            default: return dice.Between(Math.Min(revision, Math.Max(1, compacted)), revision);
        }
    }

    private byte[] End(byte[] key) => dice.Below(20) switch
    {
        < 7 => [],
        7 or 8 => [0],
        < 13 => KeyPool.EndOfPrefix(key),
        < 18 => keys.Draw(dice),
        18 => key,
        _ => [.. key, 0],
    };

    private long Limit() => dice.Below(8) switch
    {
        0 => dice.OneOf(-1, long.MaxValue, int.MaxValue),
        1 => dice.Between(10, 1000),
        _ => dice.Between(1, 6),
    };

    private long Bound(long revision) => dice.Chance(60) ? (dice.Chance(50) ? -1 : dice.Between(1, revision + 1)) : 0;
}

using Balsa.Simulation.Disks.Media;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Disks.Damages;

/// <summary>Damages one thing that is at rest: after a power cut, or in a file in which nothing waits for a sync.</summary>
internal sealed class Corruptor(FaultyDisk disk, Dice dice)
{
    private readonly byte[] _sector = new byte[DiskFile.SectorBytes];

    internal static IReadOnlyList<DamageKind> Kinds { get; } = Enum.GetValues<DamageKind>();

    /// <summary>Damages a file by chance. There may be none.</summary>
    internal Damage Do(DamageKind kind)
    {
        var (picked, seen) = ("", 0);
        foreach (var entry in disk.Names.Now)
            if (entry.File is { Length: > 0 } && dice.Below(++seen) == 0) picked = entry.Path;
        return seen == 0 ? new Damage(kind, "", 0, 0) : Do(kind, picked);
    }

    /// <summary>Damages one file, in this range of bytes where the kind allows a choice.</summary>
    internal Damage Do(DamageKind kind, string path, int from = 0, int to = int.MaxValue)
    {
        var nothing = new Damage(kind, path, 0, 0);
        if (disk.Names.Find(path) is not { } file) return nothing;
        if (!file.IsCold) throw new InvalidOperationException("Only a file at rest can be damaged: sync it, or cut the power first.");
        if ( Math.Min(to, file.Length) <= from) return nothing;
        nothing = nothing with { File = file.Number };
        var range = new SectorRange(from, Math.Min(to, file.Length));
        return kind switch
        {
            DamageKind.BitFlip => FlipBit(nothing, file, range),
            DamageKind.SectorZeroed or DamageKind.SectorGarbage => Overwrite(nothing, file, range),
            DamageKind.StaleSector => Restore(nothing, file, file.History.Pick(file, range, newestOnly: false, dice)),
            DamageKind.LostWrite => LoseWrite(nothing, file, range),
            DamageKind.MisdirectedWrite => Misdirect(nothing, file, range),
            DamageKind.Truncated => Truncate(nothing, file, range),
            DamageKind.Deleted => Delete(nothing, file),
            _ => RollBack(nothing, file, file.History.PickGeneration(dice)),
        };
    }

    private Damage FlipBit(Damage nothing, DiskFile file, SectorRange range)
    {
        var at = dice.Between(range.From, range.To - 1);
        file.Spoil(at, [(byte)(file.Durable[at] ^ (1 << dice.Below(8)))]);
        return nothing with { Offset = at, Length = 1 };
    }

    private Damage Overwrite(Damage nothing, DiskFile file, SectorRange range)
    {
        var sector = dice.Between(range.First, range.Last);
        Array.Clear(_sector);
        if (nothing.Kind == DamageKind.SectorGarbage)
            for (var i = 0; i < _sector.Length; i++) _sector[i] = (byte)dice.Next();
        return Put(nothing, file, sector, _sector);
    }

    private static Damage Restore(Damage nothing, DiskFile file, int record) =>
        record < 0 ? nothing : Put(nothing, file, file.History.SectorOf(record), file.History.BytesOf(record));

    /// <summary>All sectors that the same sync changed, as long as nothing changed them since.</summary>
    private Damage LoseWrite(Damage nothing, DiskFile file, SectorRange range)
    {
        var picked = file.History.Pick(file, range, newestOnly: true, dice);
        if (picked < 0) return nothing;
        var all = nothing;
        for (var i = 0; i < file.History.Count; i++)
        {
            if (!file.History.IsSameGeneration(i, picked) || !file.History.IsNewest(i)) continue;
            all = Join(all, Put(nothing, file, file.History.SectorOf(i), file.History.BytesOf(i)));
        }
        return all;
    }

    private Damage Misdirect(Damage nothing, DiskFile file, SectorRange range)
    {
        var picked = file.History.Pick(file, range, newestOnly: true, dice);
        if (picked < 0) return nothing;
        var written = file.Durable[(file.History.SectorOf(picked) * DiskFile.SectorBytes)..];
        written[..Math.Min(written.Length, DiskFile.SectorBytes)].CopyTo(_sector);
        var damage = Restore(nothing, file, picked);
        var (target, seen) = (default(NameEntry), 0);
        foreach (var entry in disk.Names.Now)
            if (entry.File is { Length: > 0, IsCold: true } && dice.Below(++seen) == 0) target = entry;
        var sector = dice.Below(target.File!.SectorCount);
        if (target.File == file && sector == file.History.SectorOf(picked)) sector = (sector + 1) % file.SectorCount;
        if (target.File == file && sector == file.History.SectorOf(picked)) return damage;
        var landed = Put(nothing, target.File, sector, _sector);
        if (landed.IsNothing) return damage;
        return damage with
        {
            LandedIn = target.Path, LandedFile = target.File.Number, LandedAt = landed.Offset, LandedLength = landed.Length,
        };
    }

    private Damage Truncate(Damage nothing, DiskFile file, SectorRange range)
    {
        var length = dice.Chance(300) ? range.First * DiskFile.SectorBytes : dice.Between(range.From, range.To - 1);
        var lost = file.Length - length;
        file.SpoilLength(length);
        return nothing with { Offset = length, Length = lost };
    }

    private Damage Delete(Damage nothing, DiskFile file)
    {
        disk.Names.Spoil(nothing.Path);
        return nothing with { Length = file.Length };
    }

    private static Damage RollBack(Damage nothing, DiskFile file, int first)
    {
        if (first < 0) return nothing;
        var all = nothing;
        var length = file.Length;
        for (var i = file.History.Count - 1; i >= first; i--)
        {
            if (file.History.SectorOf(i) < 0) continue;
            all = Join(all, Put(nothing, file, file.History.SectorOf(i), file.History.BytesOf(i)));
        }
        var old = file.History.LengthBefore(first);
        if (old == length) return all;
        file.SpoilLength(old);
        return Join(all, nothing with { Offset = Math.Min(old, length), Length = Math.Abs(old - length) });
    }

    /// <summary>The bytes beyond the end of the file are nobody's, so they do not count.</summary>
    private static Damage Put(Damage nothing, DiskFile file, int sector, ReadOnlySpan<byte> bytes)
    {
        var offset = sector * DiskFile.SectorBytes;
        var count = Math.Min(DiskFile.SectorBytes, file.Length - offset);
        if (count <= 0 || file.Durable.Slice(offset, count).SequenceEqual(bytes[..count])) return nothing;
        var old = file.Durable.Slice(offset, count);
        var first = old.CommonPrefixLength(bytes);
        var end = count;
        while (old[end - 1] == bytes[end - 1]) end--;
        file.Spoil(offset, bytes[..count]);
        return nothing with { Offset = offset + first, Length = end - first };
    }

    private static Damage Join(Damage one, Damage other)
    {
        if (one.IsNothing) return other;
        if (other.IsNothing) return one;
        var offset = Math.Min(one.Offset, other.Offset);
        return one with { Offset = offset, Length = Math.Max(one.Offset + one.Length, other.Offset + other.Length) - offset };
    }
}

/// <summary>The bytes in which a damage may be, and the sectors that they touch.</summary>
internal readonly record struct SectorRange(int From, int To)
{
    internal int First => From / DiskFile.SectorBytes;

    internal int Last => (To - 1) / DiskFile.SectorBytes;
}

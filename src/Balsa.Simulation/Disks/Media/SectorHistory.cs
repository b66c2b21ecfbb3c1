using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Disks.Media;

/// <summary>
/// What durable sectors held before they were changed, newest last: for stale sectors and for files that fall back to an
/// older version. Bounded; the oldest is forgotten first.
/// </summary>
internal sealed class SectorHistory
{
    private const int RecordsMax = 96;

    /// <summary>A change of nothing but the length has no sector.</summary>
    private const int LengthOnly = -1;

    private readonly Record[] _records = new Record[RecordsMax];
    private byte[] _bytes = [];
    private int _first;
    private int _generation;

    /// <summary>How many changes are remembered.</summary>
    internal int Count { get; private set; }

    /// <summary>Between two calls of this lies what one sync, or one power cut, changed.</summary>
    internal void BeginGeneration() => _generation++;

    internal void Clear() => (_first, _generation, Count) = (0, 0, 0);

    internal void Add(int sector, ReadOnlySpan<byte> old, int oldLength)
    {
        if (Count == RecordsMax)
        {
            _first = (_first + 1) % RecordsMax;
            Count--;
        }
        var at = (_first + Count++) % RecordsMax;
        _records[at] = new Record(sector, oldLength, _generation);
        if (sector == LengthOnly) return;
        if (_bytes.Length == 0) _bytes = new byte[RecordsMax * DiskFile.SectorBytes];
        old.CopyTo(_bytes.AsSpan(at * DiskFile.SectorBytes));
    }

    internal void AddLength(int oldLength) => Add(LengthOnly, default, oldLength);

    /// <summary>The sector that the n-th remembered change was about; negative for none.</summary>
    internal int SectorOf(int index) => At(index).Sector;

    internal ReadOnlySpan<byte> BytesOf(int index) =>
        _bytes.AsSpan((_first + index) % RecordsMax * DiskFile.SectorBytes, DiskFile.SectorBytes);

    internal int LengthBefore(int index) => At(index).OldLength;

    /// <summary>Whether the change began a generation, so that the file was whole before it.</summary>
    internal bool BeginsGeneration(int index) => index == 0 ? Count < RecordsMax : At(index).Generation != At(index - 1).Generation;

    internal bool IsSameGeneration(int index, int other) => At(index).Generation == At(other).Generation;

    /// <summary>Whether nothing has changed the sector since.</summary>
    internal bool IsNewest(int index)
    {
        var sector = At(index).Sector;
        if (sector == LengthOnly) return false;
        for (var i = index + 1; i < Count; i++)
            if (At(i).Sector == sector) return false;
        return true;
    }

    /// <summary>One of the changes in the range after which the sector holds something else than before; negative for none.</summary>
    internal int Pick(DiskFile file, SectorRange range, bool newestOnly, Dice dice)
    {
        var (picked, seen) = (-1, 0);
        for (var i = 0; i < Count; i++)
        {
            var sector = At(i).Sector;
            if (sector < range.First || sector > range.Last || (newestOnly && !IsNewest(i))) continue;
            var now = file.Durable[(sector * DiskFile.SectorBytes)..];
            now = now[..Math.Min(now.Length, DiskFile.SectorBytes)];
            if (!now.SequenceEqual(BytesOf(i)[..now.Length]) && dice.Below(++seen) == 0) picked = i;
        }
        return picked;
    }

    /// <summary>A place to which the whole file can be rolled back; negative for none.</summary>
    internal int PickGeneration(Dice dice)
    {
        var (picked, seen) = (-1, 0);
        for (var i = 0; i < Count; i++)
            if (BeginsGeneration(i) && dice.Below(++seen) == 0) picked = i;
        return picked;
    }

    internal void CopyFrom(SectorHistory other)
    {
        (_first, _generation, Count) = (0, other._generation, 0);
        for (var i = 0; i < other.Count; i++)
        {
            var record = other.At(i);
            _generation = record.Generation;
            Add(record.Sector, record.Sector == LengthOnly ? default : other.BytesOf(i), record.OldLength);
        }
        _generation = other._generation;
    }

    private Record At(int index) => _records[(_first + index) % RecordsMax];

    private readonly record struct Record(int Sector, int OldLength, int Generation);
}

using System.Runtime.InteropServices;

namespace Balsa.Simulation.Disks.Media;

/// <summary>What happened to one file that no sync has covered: every version of its sectors and of its length, in order.</summary>
internal sealed class Unsynced
{
    private readonly List<SectorVersion> _sectors = [];
    private readonly List<LengthVersion> _lengths = [];
    private readonly List<long> _steps = [];
    private byte[] _bytes = [];
    private int _slots;

    internal bool IsEmpty => _sectors.Count == 0 && _lengths.Count == 0;

    internal ReadOnlySpan<SectorVersion> Sectors => CollectionsMarshal.AsSpan(_sectors);

    internal ReadOnlySpan<LengthVersion> Lengths => CollectionsMarshal.AsSpan(_lengths);

    internal void Add(int sector, ReadOnlySpan<byte> bytes, long step, Landing landing) =>
        _sectors.Add(new SectorVersion { Sector = sector, Slot = Keep(bytes), Step = step, Landing = landing });

    /// <summary>One write grows a file once, however many sectors it has.</summary>
    internal void AddLength(int length, long step)
    {
        if (_lengths.Count > 0 && _lengths[^1].Step == step) _lengths.RemoveAt(_lengths.Count - 1);
        _lengths.Add(new LengthVersion { Length = length, Step = step });
    }

    internal ReadOnlySpan<byte> BytesOf(in SectorVersion version) =>
        _bytes.AsSpan(version.Slot * DiskFile.SectorBytes, DiskFile.SectorBytes);

    /// <summary>Whether the sector's newest version will never become durable, so that even the same bytes must be written again.</summary>
    internal bool IsDoubtful(int sector)
    {
        for (var i = _sectors.Count - 1; i >= 0; i--)
            if (_sectors[i].Sector == sector) return _sectors[i].IsGivenUp || !_sectors[i].Landing.IsHere;
        return false;
    }

    internal void GiveUp()
    {
        foreach (ref var sector in CollectionsMarshal.AsSpan(_sectors)) sector.IsGivenUp = true;
        foreach (ref var length in CollectionsMarshal.AsSpan(_lengths)) length.IsGivenUp = true;
    }

    /// <summary>What was given up stays in doubt, unless a newer version of its sector has become durable.</summary>
    internal void RemoveSynced()
    {
        var kept = 0;
        for (var i = 0; i < _sectors.Count; i++)
            if (_sectors[i].IsGivenUp && !HasNewerSynced(i)) _sectors[kept++] = _sectors[i];
        _sectors.RemoveRange(kept, _sectors.Count - kept);
        _lengths.RemoveRange(0, _lengths.FindLastIndex(length => !length.IsGivenUp) + 1);
        if (kept == 0) _slots = 0;
    }

    internal void Clear()
    {
        _sectors.Clear();
        _lengths.Clear();
        _slots = 0;
    }

    /// <summary>Brings the versions of a sector together, the oldest first.</summary>
    internal void SortBySector()
    {
        var sectors = CollectionsMarshal.AsSpan(_sectors);
        for (var i = 1; i < sectors.Length; i++)
        {
            var moved = sectors[i];
            var at = i;
            for (; at > 0 && sectors[at - 1].Sector > moved.Sector; at--) sectors[at] = sectors[at - 1];
            sectors[at] = moved;
        }
    }

    /// <summary>How many versions of the same sector lie together from here on.</summary>
    internal int RunAt(int first)
    {
        var count = 1;
        while (first + count < _sectors.Count && _sectors[first + count].Sector == _sectors[first].Sector) count++;
        return count;
    }

    /// <summary>Which of the versions in a run survives: 0 for none.</summary>
    internal int Choose(int first, int count, ISurvival survival)
    {
        _steps.Clear();
        for (var i = 0; i < count; i++) _steps.Add(_sectors[first + i].Step);
        return survival.Choose(CollectionsMarshal.AsSpan(_steps));
    }

    internal int ChooseLength(ISurvival survival)
    {
        if (_lengths.Count == 0) return 0;
        _steps.Clear();
        foreach (var length in _lengths) _steps.Add(length.Step);
        return survival.Choose(CollectionsMarshal.AsSpan(_steps));
    }

    internal long Outcomes(long limit)
    {
        SortBySector();
        var product = (long)_lengths.Count + 1;
        for (var first = 0; first < _sectors.Count && product < limit; first += RunAt(first)) product *= RunAt(first) + 1;
        return Math.Min(product, limit);
    }

    internal void CopyFrom(Unsynced other, Func<DiskFile, DiskFile> twin)
    {
        Clear();
        foreach (var version in other._sectors)
        {
            var copy = version;
            copy.Slot = Keep(other.BytesOf(version));
            if (version.Landing.Elsewhere is { } elsewhere) copy.Landing = Landing.In(twin(elsewhere), version.Landing.Shift);
            _sectors.Add(copy);
        }
        _lengths.AddRange(other._lengths);
    }

    private int Keep(ReadOnlySpan<byte> bytes)
    {
        var at = _slots * DiskFile.SectorBytes;
        if (at + DiskFile.SectorBytes > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(8 * DiskFile.SectorBytes, 2 * _bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(at));
        return _slots++;
    }

    private bool HasNewerSynced(int index)
    {
        for (var i = index + 1; i < _sectors.Count; i++)
            if (_sectors[i].Sector == _sectors[index].Sector && !_sectors[i].IsGivenUp) return true;
        return false;
    }
}

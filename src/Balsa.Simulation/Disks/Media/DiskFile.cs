namespace Balsa.Simulation.Disks.Media;

/// <summary>
/// The content of one file, whatever its name is: what reads see, what is on the medium, and every version that a sector
/// and the length went through in between. This is what makes a power cut exact.
/// </summary>
internal sealed class DiskFile
{
    internal const int SectorBytes = 512;

    private static readonly byte[] ZeroSector = new byte[SectorBytes];

    private readonly Unsynced _unsynced = new();
    private byte[] _now = [], _durable = [];

    /// <summary>What the medium would hold had it never lied; only from the first lie on.</summary>
    private byte[]? _intended;

    /// <summary>In the order of making, so that everything can be walked in one order.</summary>
    internal int Number { get; private set; }

    /// <summary>As reads see it.</summary>
    internal int Length { get; private set; }

    internal int DurableLength { get; private set; }

    internal int SectorCount => (Length + SectorBytes - 1) / SectorBytes;

    internal SectorHistory History { get; } = new();

    /// <summary>Nothing waits for a sync, and nothing was given up by a failed one.</summary>
    internal bool IsCold => _unsynced.IsEmpty;

    internal ReadOnlySpan<byte> Now => _now.AsSpan(0, Length);

    internal ReadOnlySpan<byte> Durable => _durable.AsSpan(0, DurableLength);

    internal void Reset(int number)
    {
        Number = number;
        _now.AsSpan().Clear();
        _durable.AsSpan().Clear();
        _intended = null;
        (Length, DurableLength) = (0, 0);
        _unsynced.Clear();
        History.Clear();
    }

    /// <param name="twin">Finds the copy of another file, for writes that go astray.</param>
    internal void CopyFrom(DiskFile other, Func<DiskFile, DiskFile> twin)
    {
        Reset(other.Number);
        Reserve(other._now.Length);
        other._now.CopyTo(_now, 0);
        other._durable.CopyTo(_durable, 0);
        if (other._intended is { } intended) intended.CopyTo(Intended, 0);
        (Length, DurableLength) = (other.Length, other.DurableLength);
        _unsynced.CopyFrom(other._unsynced, twin);
        History.CopyFrom(other.History);
    }

    internal int Read(long offset, Span<byte> into)
    {
        if (offset >= Length) return 0;
        var count = (int)Math.Min(into.Length, Length - offset);
        _now.AsSpan((int)offset, count).CopyTo(into);
        return count;
    }

    /// <summary>Bytes within one sector. Reads see them at once; the medium gets them with a sync, or by chance.</summary>
    internal void WriteSector(int offset, ReadOnlySpan<byte> bytes, long step, Landing landing)
    {
        var sector = offset / SectorBytes;
        Reserve((sector + 1) * SectorBytes);
        var whole = _now.AsSpan(sector * SectorBytes, SectorBytes);
        var part = whole.Slice(offset % SectorBytes, bytes.Length);
        // A sector that keeps its bytes needs no version, unless the one before will never become durable.
        var isSame = part.SequenceEqual(bytes);
        if (!isSame) bytes.CopyTo(part);
        if (!isSame || _unsynced.IsDoubtful(sector)) _unsynced.Add(sector, whole, step, landing);
        if (offset + bytes.Length > Length) SetLength(offset + bytes.Length, step);
    }

    /// <summary>Emptied, as when a file is made over one of the same name.</summary>
    internal void Truncate(long step)
    {
        for (var sector = 0; sector < SectorCount; sector++)
        {
            var whole = _now.AsSpan(sector * SectorBytes, SectorBytes);
            if (whole.SequenceEqual(ZeroSector)) continue;
            whole.Clear();
            _unsynced.Add(sector, whole, step, default);
        }
        if (Length > 0) SetLength(0, step);
    }

    /// <summary>Everything that was not given up is on the medium, as far as the medium tells the truth.</summary>
    internal void Sync()
    {
        if (IsCold) return;
        History.BeginGeneration();
        foreach (var length in _unsynced.Lengths)
            if (!length.IsGivenUp) SetDurableLength(length.Length);
        foreach (var version in _unsynced.Sectors)
            if (!version.IsGivenUp) Land(version);
        _unsynced.RemoveSynced();
    }

    /// <summary>A sync failed: the system takes the pages for clean all the same.</summary>
    internal void GiveUp() => _unsynced.GiveUp();

    /// <summary>The power is cut: each sector keeps one of its versions, the length one of its lengths.</summary>
    internal void LoseUnsynced(ISurvival survival)
    {
        if (IsCold) return;
        History.BeginGeneration();
        _unsynced.SortBySector();
        var sectors = _unsynced.Sectors;
        for (var first = 0; first < sectors.Length;)
        {
            var count = _unsynced.RunAt(first);
            var kept = _unsynced.Choose(first, count, survival);
            if (kept > 0) Land(sectors[first + kept - 1]);
            first += count;
        }
        var length = _unsynced.ChooseLength(survival);
        if (length > 0) SetDurableLength(_unsynced.Lengths[length - 1].Length);
        _unsynced.Clear();
    }

    /// <summary>What is in memory is gone, and the medium is read again. For every file, after all have lost what they lose.</summary>
    internal void DropCache()
    {
        _durable.AsSpan(DurableLength).Clear();
        _intended?.AsSpan(DurableLength).Clear();
        _durable.CopyTo(_now, 0);
        Length = DurableLength;
    }

    /// <summary>How many outcomes a power cut has for this file, counted up to a limit.</summary>
    internal long Outcomes(long limit) => _unsynced.Outcomes(limit);

    /// <summary>The smallest range with all bytes that the medium has wrong, because it lied or was spoiled.</summary>
    internal bool TryFindDamage(out int offset, out int length)
    {
        (offset, length) = (0, 0);
        if (_intended is null) return false;
        var good = _intended.AsSpan(0, DurableLength);
        var bad = Durable;
        offset = good.CommonPrefixLength(bad);
        if (offset == good.Length) return false;
        var end = good.Length;
        while (good[end - 1] == bad[end - 1]) end--;
        length = end - offset;
        return true;
    }

    /// <summary>The medium changes behind everybody's back. Only when nothing waits in the file.</summary>
    internal void Spoil(int offset, ReadOnlySpan<byte> bytes)
    {
        _ = Intended;
        bytes.CopyTo(_durable.AsSpan(offset));
        bytes.CopyTo(_now.AsSpan(offset));
    }

    internal void SpoilLength(int length)
    {
        Reserve(length);
        DurableLength = length;
        DropCache();
    }

    private byte[] Intended => _intended ??= _durable.AsSpan().ToArray();

    private void Reserve(int bytes)
    {
        if (bytes <= _now.Length) return;
        var size = Math.Max((bytes + SectorBytes - 1) / SectorBytes * SectorBytes, 2 * _now.Length);
        Array.Resize(ref _now, size);
        Array.Resize(ref _durable, size);
        if (_intended is not null) Array.Resize(ref _intended, size);
    }

    private void SetLength(int length, long step)
    {
        Length = length;
        _unsynced.AddLength(length, step);
    }

    private void SetDurableLength(int length)
    {
        if (length == DurableLength) return;
        History.AddLength(DurableLength);
        DurableLength = length;
    }

    private void Land(in SectorVersion version)
    {
        var bytes = _unsynced.BytesOf(version);
        if (!version.Landing.IsHere)
        {
            bytes.CopyTo(Intended.AsSpan(version.Sector * SectorBytes));
            version.Landing.Elsewhere?.Overwrite(version.Sector + version.Landing.Shift, bytes, isIntended: false);
            return;
        }
        Overwrite(version.Sector, bytes, isIntended: true);
    }

    private void Overwrite(int sector, ReadOnlySpan<byte> bytes, bool isIntended)
    {
        Reserve((sector + 1) * SectorBytes);
        if (!isIntended) _ = Intended;
        else if (_intended is not null) bytes.CopyTo(_intended.AsSpan(sector * SectorBytes));
        var durable = _durable.AsSpan(sector * SectorBytes, SectorBytes);
        if (durable.SequenceEqual(bytes)) return;
        History.Add(sector, durable, DurableLength);
        bytes.CopyTo(durable);
    }
}

using System.Buffers.Binary;
using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Media;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>
/// Every word on the disk that says of other bytes that they had been durable: record headers, closes, heads of segments.
/// Damage of which no such word is left cannot be told from a torn end; of any other the log must speak.
/// </summary>
internal sealed class Witnesses
{
    private const int HeaderBytes = 56, MarkBytes = 72, HeadBytes = 128, MarksFrom = 512, MarksTo = 1536;

    private readonly List<Witness> _all = [];
    private long _end, _begin;
    private int _endFile = -1;

    internal void Clear()
    {
        _all.Clear();
        (_begin, _end, _endFile) = (0, 0, -1);
    }

    internal void Watch(FaultyDisk disk, IoStep step)
    {
        if (step.Site == IoSite.LockDirectory) _begin = long.MaxValue;
        if (step.Kind != StepKind.Write || step.ErrorNumber != 0 || step.File?.Handle is not OpenFile { File.Number: var file }) return;
        switch (step.Site)
        {
            case IoSite.WriteHead when step.Offset == 0:
                // The file becomes another segment: what it said, and what was said of it, is over.
                Forget(file, 0, long.MaxValue);
                _all.RemoveAll(witness => witness.About == file);
                if (Newest(disk) is { } before && before.Number != file) Add(step, file, 0, HeadBytes, before.Number, long.MaxValue);
                break;
            case IoSite.WriteHead: AddHeaders(step, file); break;
            case IoSite.WriteBatch:
                AddHeaders(step, file);
                if (_endFile != file || _begin == long.MaxValue) _begin = step.Offset;
                (_endFile, _end) = (file, step.Offset + step.Bytes.Length);
                break;
            case IoSite.WriteClose:
                Forget(file, step.Offset, step.Offset + MarkBytes);
                if (file == _endFile) Add(step, file, 0, MarkBytes, file, _end);
                break;
        }
    }

    /// <summary>
    /// Some readable word says that the first damaged byte had been durable. Damage to closes alone hurts nobody, and outside
    /// of segments it is not the words' matter: in both cases nothing is excused.
    /// </summary>
    internal bool Confirm(FaultyDisk disk, int file)
    {
        if (FirstDamage(disk, file) is not (>= 0 and var offset)) return true;
        foreach (var witness in _all)
            if (witness.About == file && witness.UpTo > offset && IsIntact(disk, witness)) return true;
        return false;
    }

    /// <summary>Some readable word tells how many terms and votes were stored in all, at least until the batch before the last.</summary>
    internal bool TellHardState(FaultyDisk disk, int file)
    {
        if (EndOfDamage(disk, file) is not (> 0 and var end)) return true;
        foreach (var witness in _all)
        {
            var isBehind = witness.File == file && witness.Offset >= end && witness.Length == HeaderBytes;
            var isAboutAll = witness.About == file && (file == _endFile ? witness.UpTo >= _end : witness.UpTo == long.MaxValue);
            if ((isBehind || isAboutAll) && IsIntact(disk, witness)) return true;
        }
        return false;
    }

    /// <summary>The file is where the log goes on, or the last batch went.</summary>
    internal bool IsLive(FaultyDisk disk, int file) => file == _endFile || Newest(disk)?.Number == file;

    /// <summary>The first damaged byte lies in records that the last process wrote, and a later word confirms them.</summary>
    internal bool MustNotice(FaultyDisk disk, int file) =>
        file == _endFile && FirstDamage(disk, file) is >= 0 and var at && at >= _begin && at < _end && Confirm(disk, file);

    /// <summary>Whether records lie there that the last process wrote.</summary>
    internal bool IsInRecords(FaultyDisk disk, int file) => file == _endFile && FirstDamage(disk, file) is >= 0 and var at && at < _end;

    private static int FirstDamage(FaultyDisk disk, int file)
    {
        foreach (var entry in disk.Names.Now)
        {
            if (!IsSegment(entry) || entry.File!.Number != file) continue;
            var at = entry.File.NextDamage(0);
            return at is >= MarksFrom and < MarksTo ? entry.File.NextDamage(MarksTo) : at;
        }
        return -1;
    }

    private static int EndOfDamage(FaultyDisk disk, int file)
    {
        foreach (var entry in disk.Names.Now)
            if (IsSegment(entry) && entry.File!.Number == file && entry.File.TryFindDamage(out var at, out var length)) return at + length;
        return 0;
    }

    private static DiskFile? Newest(FaultyDisk disk)
    {
        var newest = default(NameEntry);
        foreach (var entry in disk.Names.Now)
            if (IsSegment(entry) && (newest.File is null || string.CompareOrdinal(entry.Path, newest.Path) > 0)) newest = entry;
        return newest.File;
    }

    private static bool IsSegment(in NameEntry entry) => entry.File is not null && entry.Path.EndsWith(".wal", StringComparison.Ordinal);

    private static bool IsIntact(FaultyDisk disk, in Witness witness)
    {
        foreach (var entry in disk.Names.Now)
        {
            if (!IsSegment(entry) || entry.File!.Number != witness.File) continue;
            var content = entry.File.Now;
            return content.Length >= witness.Offset + witness.Length
                && HashOf(content.Slice((int)witness.Offset, witness.Length)) == witness.Hash;
        }
        return false;
    }

    private static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = 0UL;
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = Mixing.Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        return hash;
    }

    /// <summary>Records lie one behind the other; each says of what lies before its batch that it is durable.</summary>
    private void AddHeaders(IoStep step, int file)
    {
        Forget(file, step.Offset, step.Offset + step.Bytes.Length);
        var bytes = step.Bytes.Span;
        for (var at = 0; at + HeaderBytes <= bytes.Length;)
        {
            Add(step, file, at, HeaderBytes, file, step.Offset);
            at += (HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 8)..]) + 7) & ~7;
        }
    }

    private void Add(IoStep step, int file, int at, int length, int about, long upTo) =>
        _all.Add(new Witness(file, step.Offset + at, length, HashOf(step.Bytes.Span.Slice(at, length)), about, upTo));

    private void Forget(int file, long from, long to) =>
        _all.RemoveAll(witness => witness.File == file && witness.Offset < to && witness.Offset + witness.Length > from);

    /// <param name="UpTo">Of the file it is about, everything before this was durable when it was written.</param>
    private readonly record struct Witness(int File, long Offset, int Length, ulong Hash, int About, long UpTo);
}

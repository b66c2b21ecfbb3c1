using System.Runtime.InteropServices;

namespace Balsa.Simulation.Disks.Media;

/// <summary>
/// Names of files and directories: as they are now, as they are on the medium, and the operations in between. There are a
/// dozen at most, so plain lists do, and have one order.
/// </summary>
internal sealed class NameTable
{
    private readonly List<NameEntry> _now = [], _durable = [];
    private readonly List<NameOperation> _pending = [];
    private readonly List<bool> _marks = [];

    internal ReadOnlySpan<NameEntry> Now => CollectionsMarshal.AsSpan(_now);

    internal ReadOnlySpan<NameEntry> Durable => CollectionsMarshal.AsSpan(_durable);

    internal bool IsCold => _pending.Count == 0;

    internal static ReadOnlySpan<char> DirectoryOf(ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path[..slash];
    }

    internal static bool IsRoot(ReadOnlySpan<char> path) => path is "" or "." or "/";

    internal bool HasDirectory(ReadOnlySpan<char> path) => HasDirectory(_now, path);

    internal DiskFile? Find(string path)
    {
        var at = IndexOf(_now, path);
        return at < 0 ? null : _now[at].File;
    }

    internal bool Exists(string path) => IndexOf(_now, path) >= 0;

    /// <summary>A directory that was there before anything began.</summary>
    internal void AddRoot(string path)
    {
        _now.Add(new NameEntry(path, null));
        _durable.Add(new NameEntry(path, null));
    }

    internal void Do(in NameOperation operation)
    {
        Apply(_now, operation);
        _pending.Add(operation);
    }

    /// <summary>
    /// What happened in the directory is durable, and what it rests on. (A failed sync changes nothing: a journal of names is
    /// written as a whole, by this sync or by the next, unlike the pages of a file.)
    /// </summary>
    internal void Sync(ReadOnlySpan<char> directory)
    {
        ClearMarks();
        for (var i = 0; i < _pending.Count; i++)
            if (_pending[i].IsIn(directory)) Mark(i);
        var kept = 0;
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_marks[i]) Apply(_durable, _pending[i]);
            else _pending[kept++] = _pending[i];
        }
        _pending.RemoveRange(kept, _pending.Count - kept);
    }

    /// <summary>Each operation survives or not; one that rests on another survives only with it.</summary>
    internal void LoseUnsynced(ISurvival survival)
    {
        ClearMarks();
        for (var i = 0; i < _pending.Count; i++)
        {
            if (RestsOnMarked(i) || survival.Choose([_pending[i].Step]) == 0) _marks[i] = true;
            else Apply(_durable, _pending[i]);
        }
        _pending.Clear();
        // A directory that is gone takes everything in it along, and each round may lose one level.
        while (_durable.RemoveAll(entry => !HasDirectory(_durable, DirectoryOf(entry.Path))) > 0) continue;
        _now.Clear();
        _now.AddRange(_durable);
    }

    /// <summary>What all files that have a name occupy.</summary>
    internal long Bytes()
    {
        var sum = 0L;
        foreach (var entry in _now) sum += entry.File?.Length ?? 0;
        return sum;
    }

    internal long Outcomes(long limit)
    {
        ClearMarks();
        return Outcomes(0, limit);
    }

    internal bool Refers(DiskFile file)
    {
        foreach (var entry in _now)
            if (entry.File == file) return true;
        foreach (var entry in _durable)
            if (entry.File == file) return true;
        return false;
    }

    /// <summary>The medium forgets a name.</summary>
    internal void Spoil(string path)
    {
        _now.RemoveAt(IndexOf(_now, path));
        _durable.RemoveAt(IndexOf(_durable, path));
    }

    internal void Clear()
    {
        _now.Clear();
        _durable.Clear();
        _pending.Clear();
    }

    internal void CopyFrom(NameTable other, Func<DiskFile, DiskFile> twin)
    {
        Clear();
        foreach (var entry in other._now) _now.Add(entry with { File = entry.File is { } file ? twin(file) : null });
        foreach (var entry in other._durable) _durable.Add(entry with { File = entry.File is { } file ? twin(file) : null });
        foreach (var operation in other._pending)
        {
            var copy = operation;
            if (copy.File is { } file) copy.File = twin(file);
            _pending.Add(copy);
        }
    }

    private static int IndexOf(List<NameEntry> entries, ReadOnlySpan<char> path)
    {
        for (var i = 0; i < entries.Count; i++)
            if (path.SequenceEqual(entries[i].Path)) return i;
        return -1;
    }

    private static bool HasDirectory(List<NameEntry> entries, ReadOnlySpan<char> path)
    {
        if (IsRoot(path)) return true;
        var at = IndexOf(entries, path);
        return at >= 0 && entries[at].File is null;
    }

    private static void Apply(List<NameEntry> entries, in NameOperation operation)
    {
        if (operation.Target.Length > 0 || operation.Kind == NameChange.Delete) Remove(entries, operation.Path);
        if (operation.Kind == NameChange.Delete) return;
        var name = operation.Target.Length > 0 ? operation.Target : operation.Path;
        Remove(entries, name);
        entries.Add(new NameEntry(name, operation.File));
    }

    private static void Remove(List<NameEntry> entries, string path)
    {
        var at = IndexOf(entries, path);
        if (at >= 0) entries.RemoveAt(at);
    }

    private void ClearMarks()
    {
        _marks.Clear();
        foreach (var _ in _pending) _marks.Add(false);
    }

    private void Mark(int index)
    {
        _marks[index] = true;
        for (var i = 0; i < index; i++)
            if (!_marks[i] && _pending[index].RestsOn(_pending[i])) Mark(i);
    }

    private bool RestsOnMarked(int index)
    {
        for (var i = 0; i < index; i++)
            if (_marks[i] && _pending[index].RestsOn(_pending[i])) return true;
        return false;
    }

    private long Outcomes(int index, long limit)
    {
        if (index == _pending.Count) return 1;
        var isLost = RestsOnMarked(index);
        var count = 0L;
        if (!isLost) count = Outcomes(index + 1, limit);
        if (count >= limit) return limit;
        _marks[index] = true;
        count += Outcomes(index + 1, limit);
        _marks[index] = false;
        return Math.Min(count, limit);
    }
}

/// <summary>A name and the file behind it; without a file it is a directory.</summary>
internal readonly record struct NameEntry(string Path, DiskFile? File);

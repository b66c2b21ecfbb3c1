using System.Runtime.InteropServices;

namespace Balsa.Simulation.Disks.Media;

/// <summary>All files of a disk in the order of their making, and used ones that wait to become new ones.</summary>
internal sealed class FileShelf
{
    private readonly List<DiskFile> _files = [];
    private readonly Stack<DiskFile> _spare = new();
    private int _made;

    internal ReadOnlySpan<DiskFile> Files => CollectionsMarshal.AsSpan(_files);

    internal bool IsCold
    {
        get
        {
            foreach (var file in _files)
                if (!file.IsCold) return false;
            return true;
        }
    }

    internal DiskFile Take()
    {
        if (!_spare.TryPop(out var file)) file = new DiskFile();
        file.Reset(_made++);
        _files.Add(file);
        return file;
    }

    internal void PutBackUnless(Func<DiskFile, bool> isNeeded)
    {
        var kept = 0;
        for (var i = 0; i < _files.Count; i++)
        {
            if (isNeeded(_files[i])) _files[kept++] = _files[i];
            else _spare.Push(_files[i]);
        }
        _files.RemoveRange(kept, _files.Count - kept);
    }

    internal void Clear()
    {
        PutBackUnless(_ => false);
        _made = 0;
    }

    internal void CopyFrom(FileShelf other)
    {
        Clear();
        foreach (var _ in other._files) Take();
        // The numbers are copied first, because they find the twin of a file to which a write goes astray.
        for (var i = 0; i < _files.Count; i++) _files[i].Reset(other._files[i].Number);
        for (var i = 0; i < _files.Count; i++) _files[i].CopyFrom(other._files[i], TwinOf);
        _made = other._made;
    }

    internal DiskFile TwinOf(DiskFile file)
    {
        foreach (var own in _files)
            if (own.Number == file.Number) return own;
        throw new ArgumentException($"The file {file.Number} has no twin.", nameof(file));
    }
}

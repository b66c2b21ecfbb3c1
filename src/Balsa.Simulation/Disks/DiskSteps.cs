using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Disks.Media;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks;

/// <summary>What each kind of step does to names and files, and what is left of it when it fails.</summary>
internal sealed class DiskSteps(FaultyDisk disk)
{
    private readonly NameTable _names = disk.Names;
    private int _lists;

    /// <summary>A round must not depend on those before it.</summary>
    internal void Reset() => _lists = 0;

    internal DiskError Do(IoStep step, DiskFault? fault)
    {
        var error = fault is { Kind: DiskFaultKind.Error } ? fault.Error : DiskError.None;
        if (error == DiskError.None && disk.Faults.IsReadOnly && Changes(step)) error = DiskError.ReadOnly;
        var result = step.Kind switch
        {
            StepKind.MakeDirectory => MakeDirectory(step, error),
            StepKind.List => List(step, error),
            StepKind.Lock => Open(step, error, mayMake: true, mustBeEmpty: false),
            StepKind.Create => Open(step, error, mayMake: true, mustBeEmpty: true),
            StepKind.Open or StepKind.OpenToRead => Open(step, error, mayMake: false, mustBeEmpty: false),
            StepKind.Write => Write(step, error, fault),
            StepKind.Read => Read(step, error),
            StepKind.Sync => Sync(step, error),
            StepKind.Close => Close(step, error),
            StepKind.Rename => Rename(step, error),
            StepKind.Delete => Delete(step, error),
            StepKind.SyncDirectory => SyncDirectory(step, error),
            _ => disk.Misused(step, "a disk cannot do that"),
        };
        // What was planned is what is reported, whatever else would have gone wrong.
        return error != DiskError.None ? error : result;
    }

    private static bool Changes(IoStep step) =>
        step.Kind is StepKind.MakeDirectory or StepKind.Create or StepKind.Open or StepKind.Lock or StepKind.Write
            or StepKind.Rename or StepKind.Delete;

    /// <summary>A device that fails while names change may have changed them all the same. Other errors come before that.</summary>
    private bool IsDone(DiskError error) => error == DiskError.None || (error == DiskError.Io && disk.Dice.Chance(500));

    private DiskError MakeDirectory(IoStep step, DiskError error)
    {
        if (!IsDone(error)) return error;
        if (_names.HasDirectory(step.Path)) return error;
        if (!_names.HasDirectory(NameTable.DirectoryOf(step.Path))) return DiskError.NotFound;
        if (_names.Exists(step.Path)) return DiskError.Other;
        _names.Do(new NameOperation { Kind = NameChange.Make, Path = step.Path, Target = "", Step = disk.Steps });
        return error;
    }

    private DiskError List(IoStep step, DiskError error)
    {
        if (error != DiskError.None) return error;
        if (!_names.HasDirectory(step.Path)) return DiskError.NotFound;
        foreach (var entry in _names.Now)
            if (NameTable.DirectoryOf(entry.Path).SequenceEqual(step.Path))
                step.Names.Add(entry.Path[(entry.Path.LastIndexOf('/') + 1)..]);
        Rotate(step.Names);
        step.Count = step.Names.Count;
        return DiskError.None;
    }

    /// <summary>Names come in no order, so each list begins somewhere else.</summary>
    private void Rotate(List<string> names)
    {
        if (names.Count < 2) return;
        if ((++_lists & 1) == 0) names.Reverse();
        var first = names[^1];
        names.RemoveAt(names.Count - 1);
        names.Insert(_lists % (names.Count + 1), first);
    }

    private DiskError Open(IoStep step, DiskError error, bool mayMake, bool mustBeEmpty)
    {
        var stored = step.File!;
        if (stored.Handle is OpenFile { Life: var life } && life == disk.Life) return disk.Misused(step, "it is open already");
        if (!IsDone(error)) return error;
        if (!_names.HasDirectory(NameTable.DirectoryOf(step.Path))) return DiskError.NotFound;
        var file = _names.Find(step.Path);
        if (file is null && (!mayMake || _names.Exists(step.Path))) return DiskError.NotFound;
        if (step.Kind == StepKind.Lock && file is not null && disk.Locked == file) return DiskError.InUse;
        if (file is null)
        {
            file = disk.Shelf.Take();
            _names.Do(new NameOperation { Kind = NameChange.Make, Path = step.Path, Target = "", File = file, Step = disk.Steps });
        }
        else if (mustBeEmpty)
        {
            file.Truncate(disk.Steps);
        }
        if (error != DiskError.None) return error;
        if (step.Kind == StepKind.Lock) disk.Locked = file;
        stored.Handle = new OpenFile(file, disk.Life, step.Kind == StepKind.OpenToRead, step.Kind == StepKind.Lock);
        disk.OpenFiles++;
        step.Count = file.Length;
        return DiskError.None;
    }

    private DiskError Write(IoStep step, DiskError error, DiskFault? fault)
    {
        if (HandleOf(step) is not { } open) return DiskError.Other;
        if (open.IsReadOnly) return disk.Misused(step, "it is open for reading only");
        if (step.Offset < 0 || step.Offset + step.Bytes.Length > int.MaxValue) return disk.Misused(step, "there is no such place");
        var landing = LandingOf(open.File, step, fault);
        var room = disk.Faults.CapacityBytes == long.MaxValue ? long.MaxValue : disk.Faults.CapacityBytes - _names.Bytes();
        var bytes = step.Bytes.Span;
        if (error is DiskError.NoSpace && bytes.Length > 0) bytes = bytes[..disk.Dice.Below(bytes.Length)];
        else if (error is not (DiskError.None or DiskError.Io)) return error;
        for (var done = 0; done < bytes.Length;)
        {
            var offset = (int)step.Offset + done;
            var count = Math.Min(DiskFile.SectorBytes - offset % DiskFile.SectorBytes, bytes.Length - done);
            room -= Math.Max(0, offset + count - Math.Max(open.File.Length, offset));
            if (room < 0) return DiskError.NoSpace;
            if (error != DiskError.Io || disk.Dice.Chance(500))
                open.File.WriteSector(offset, bytes.Slice(done, count), disk.Steps, landing);
            done += count;
        }
        return error;
    }

    /// <summary>A misdirected write lands some sectors away, in any file that has a name.</summary>
    private Landing LandingOf(DiskFile file, IoStep step, DiskFault? fault)
    {
        if (fault is not { Kind: DiskFaultKind.LostWrite or DiskFaultKind.MisdirectedWrite }) return default;
        if (fault.Kind == DiskFaultKind.LostWrite) return Landing.Nowhere;
        var files = disk.Shelf.Files;
        var target = files[disk.Dice.Below(files.Length)];
        var first = (int)(step.Offset / DiskFile.SectorBytes);
        var last = Math.Max(1, target.SectorCount) - 1;
        var shift = disk.Dice.Below(last + 1) - first;
        if (target == file && shift == 0) shift = first > 0 ? -1 : 1;
        return Landing.In(target, shift);
    }

    private DiskError Read(IoStep step, DiskError error)
    {
        if (HandleOf(step) is not { } open) return DiskError.Other;
        if (error != DiskError.None)
        {
            // Whoever looks at the buffer of a failed read must not find there what he hopes for.
            step.Into.Span.Fill(0xEE);
            return error;
        }
        step.Count = open.File.Read(step.Offset, step.Into.Span);
        return DiskError.None;
    }

    private DiskError Sync(IoStep step, DiskError error)
    {
        if (HandleOf(step) is not { } open) return DiskError.Other;
        if (error == DiskError.None) open.File.Sync();
        else open.File.GiveUp();
        return error;
    }

    private DiskError Close(IoStep step, DiskError error)
    {
        if (HandleOf(step) is not { } open) return DiskError.Other;
        if (open.HoldsLock) disk.Locked = null;
        step.File!.Handle = null;
        disk.OpenFiles--;
        return error;
    }

    private DiskError Rename(IoStep step, DiskError error)
    {
        if (!IsDone(error)) return error;
        if (_names.Find(step.Path) is not { } file) return DiskError.NotFound;
        if (!_names.HasDirectory(NameTable.DirectoryOf(step.Target)) || _names.HasDirectory(step.Target)) return DiskError.Other;
        if (step.Path == step.Target) return error;
        _names.Do(new NameOperation
        {
            Kind = NameChange.Rename, Path = step.Path, Target = step.Target, File = file, Step = disk.Steps,
        });
        return error;
    }

    private DiskError Delete(IoStep step, DiskError error)
    {
        if (!IsDone(error)) return error;
        if (_names.Find(step.Path) is not { } file) return DiskError.NotFound;
        _names.Do(new NameOperation { Kind = NameChange.Delete, Path = step.Path, Target = "", File = file, Step = disk.Steps });
        return error;
    }

    private DiskError SyncDirectory(IoStep step, DiskError error)
    {
        if (!_names.HasDirectory(step.Path)) return DiskError.NotFound;
        if (error == DiskError.None) _names.Sync(step.Path);
        return error;
    }

    private OpenFile? HandleOf(IoStep step)
    {
        if (step.File!.Handle is OpenFile open && open.Life == disk.Life) return open;
        disk.Misused(step, step.File.Handle is null ? "the file is not open" : "the file was opened by a process that is dead");
        return null;
    }
}

using System.Runtime.InteropServices;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Disks;

/// <summary>
/// Steps as calls of Linux, every result looked at. Writing, reading and syncing allocate nothing. An interrupted call is
/// made again, but for sync and close: after those the kernel may have dropped what failed, and would say that all is well.
/// </summary>
internal sealed class LinuxDisk : IDisk
{
    private const uint OwnerOnlyFile = 0x180; // 0600
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700

    /// <summary>In a directory entry of a 64-bit Linux the name comes after inode, position, length and type.</summary>
    private const int NameInEntry = 19;

    /// <summary>What <see cref="StoredFile.Handle"/> holds.</summary>
    internal sealed class Descriptor(int number)
    {
        internal int Number { get; } = number;
    }

    public void Execute(IoStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Write: Write(step); break;
            case StepKind.Sync: Sync(step); break;
            case StepKind.Read: Read(step); break;
            case StepKind.MakeDirectory: MakeDirectory(step); break;
            case StepKind.List: List(step); break;
            case StepKind.Lock: Lock(step); break;
            case StepKind.Create:
                Open(step, LinuxCalls.ReadWrite | LinuxCalls.MakeIfAbsent | LinuxCalls.MakeEmpty);
                break;
            case StepKind.Open: Open(step, LinuxCalls.ReadWrite); break;
            case StepKind.OpenToRead: Open(step, LinuxCalls.ReadOnly); break;
            case StepKind.Close: Close(step); break;
            case StepKind.Rename: Check(step, LinuxCalls.Rename(step.Path, step.Target)); break;
            case StepKind.Delete: Check(step, LinuxCalls.Unlink(step.Path)); break;
            case StepKind.SyncDirectory: SyncDirectory(step); break;
            default: Fail(step, Errno.Invalid); break;
        }
    }

    private static unsafe void Write(IoStep step)
    {
        if (!TryGetDescriptor(step, out var descriptor)) return;
        var bytes = step.Bytes.Span;
        fixed (byte* start = bytes)
        {
            // A short write is no error yet: the next call says why there was no more.
            for (nint done = 0; done < bytes.Length;)
            {
                var written = LinuxCalls.WriteAt(descriptor, start + done, (nuint)(bytes.Length - done), step.Offset + done);
                if (written > 0) done += written;
                else if (!MayTryAgain(step, written)) return;
            }
        }
    }

    private static unsafe void Read(IoStep step)
    {
        if (!TryGetDescriptor(step, out var descriptor)) return;
        var into = step.Into.Span;
        nint done = 0;
        fixed (byte* start = into)
        {
            while (done < into.Length)
            {
                var read = LinuxCalls.ReadAt(descriptor, start + done, (nuint)(into.Length - done), step.Offset + done);
                if (read == 0) break;
                if (read > 0) done += read;
                else if (!MayTryAgain(step, read)) return;
            }
        }

        step.Count = done;
    }

    private static void Sync(IoStep step)
    {
        if (TryGetDescriptor(step, out var descriptor)) Check(step, LinuxCalls.SyncData(descriptor));
    }

    private static void MakeDirectory(IoStep step)
    {
        if (LinuxCalls.MakeDirectory(step.Path, OwnerOnlyDirectory) == 0) return;
        if (LinuxCalls.Error != Errno.Exists)
        {
            Fail(step, LinuxCalls.Error);
            return;
        }

        // Whether what is there is a directory.
        if (TryOpen(step, LinuxCalls.ReadOnly | LinuxCalls.MustBeDirectory, out var descriptor)) _ = LinuxCalls.Close(descriptor);
    }

    private static void SyncDirectory(IoStep step)
    {
        if (!TryOpen(step, LinuxCalls.ReadOnly | LinuxCalls.MustBeDirectory, out var descriptor)) return;
        Check(step, LinuxCalls.Sync(descriptor));
        _ = LinuxCalls.Close(descriptor);
    }

    private static unsafe void List(IoStep step)
    {
        var directory = LinuxCalls.OpenDirectory(step.Path);
        if (directory == 0)
        {
            Fail(step, LinuxCalls.Error);
            return;
        }

        byte* entry;
        while ((entry = LinuxCalls.ReadDirectory(directory)) != null)
        {
            var name = Marshal.PtrToStringUTF8((nint)(entry + NameInEntry))!;
            if (name is not ("." or "..")) step.Names.Add(name);
        }

        if (LinuxCalls.Error is not 0 and var error) Fail(step, error);
        _ = LinuxCalls.CloseDirectory(directory);
    }

    private static void Lock(IoStep step)
    {
        if (!TryOpen(step, LinuxCalls.ReadWrite | LinuxCalls.MakeIfAbsent, out var descriptor)) return;
        if (LinuxCalls.Lock(descriptor, LinuxCalls.LockExclusive | LinuxCalls.LockWithoutWaiting) == 0)
            step.File!.Handle = new Descriptor(descriptor);
        else
            CloseAndFail(step, descriptor);
    }

    private static void Open(IoStep step, int flags)
    {
        if (!TryOpen(step, flags, out var descriptor)) return;
        var length = LinuxCalls.Seek(descriptor, 0, LinuxCalls.FromEnd);
        if (length < 0)
        {
            CloseAndFail(step, descriptor);
            return;
        }

        (step.Count, step.File!.Handle) = (length, new Descriptor(descriptor));
    }

    private static void Close(IoStep step)
    {
        if (!TryGetDescriptor(step, out var descriptor)) return;
        // Linux gives the number away whatever it answers: to close again could close a file of somebody else.
        step.File!.Handle = null;
        Check(step, LinuxCalls.Close(descriptor));
    }

    private static bool TryOpen(IoStep step, int flags, out int descriptor)
    {
        descriptor = -1;
        if (step.File is { IsOpen: true })
        {
            Fail(step, Errno.Busy);
            return false;
        }

        do descriptor = LinuxCalls.Open(step.Path, flags | LinuxCalls.NotInChildren, OwnerOnlyFile);
        while (descriptor < 0 && MayTryAgain(step, descriptor));
        return descriptor >= 0;
    }

    private static bool TryGetDescriptor(IoStep step, out int descriptor)
    {
        var handle = step.File?.Handle as Descriptor;
        descriptor = handle?.Number ?? -1;
        if (handle is null) Fail(step, Errno.BadDescriptor);
        return handle is not null;
    }

    /// <summary>After a call that did nothing: true when it was only interrupted, otherwise the step has failed.</summary>
    private static bool MayTryAgain(IoStep step, nint result)
    {
        // No file takes zero bytes of some; one that does would be asked for ever.
        var error = result == 0 ? Errno.Io : LinuxCalls.Error;
        if (error == Errno.Interrupted) return true;
        Fail(step, error);
        return false;
    }

    private static void CloseAndFail(IoStep step, int descriptor)
    {
        Fail(step, LinuxCalls.Error);
        _ = LinuxCalls.Close(descriptor);
    }

    private static void Check(IoStep step, int result)
    {
        if (result != 0) Fail(step, LinuxCalls.Error);
    }

    private static void Fail(IoStep step, int number)
    {
        // A call that failed without saying why has failed all the same.
        step.Fail(number == 0 ? DiskError.Other : Errno.Meaning(number), number);
    }
}

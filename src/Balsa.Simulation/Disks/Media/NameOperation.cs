namespace Balsa.Simulation.Disks.Media;

internal enum NameChange : byte
{
    /// <summary>A new file, or, without a file, a new directory.</summary>
    Make,
    Rename,
    Delete,
}

/// <summary>A change of names that no sync of its directory has covered.</summary>
internal struct NameOperation
{
    internal NameChange Kind;

    internal string Path;

    /// <summary>The new name of a rename; empty otherwise.</summary>
    internal string Target;

    internal DiskFile? File;

    internal long Step;

    /// <summary>A rename belongs to the directory that it goes to.</summary>
    internal readonly bool IsIn(ReadOnlySpan<char> directory) =>
        directory.SequenceEqual(NameTable.DirectoryOf(Target.Length > 0 ? Target : Path));

    /// <summary>Whether the earlier one must have happened for this one to happen: same file, or same name.</summary>
    internal readonly bool RestsOn(in NameOperation earlier) =>
        (File is not null && File == earlier.File) || Names(earlier.Path) || (earlier.Target.Length > 0 && Names(earlier.Target));

    private readonly bool Names(string path) => path == Path || path == Target;
}

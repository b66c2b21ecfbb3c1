namespace Balsa.Storage.Steps;

/// <summary>A file as a planner knows it: a name, and behind <see cref="Handle"/> whatever the disk needs to find it again.</summary>
public sealed class StoredFile(string path)
{
    /// <summary>What it is called: an error that names a file must name one that is there.</summary>
    public string Path { get; private set; } = path;

    /// <summary>Set by the disk when the file is opened, cleared when it is closed. Nobody else looks at it.</summary>
    public object? Handle { get; set; }

    public bool IsOpen => Handle is not null;

    public override string ToString() => Path;

    /// <summary>It was renamed while it was open.</summary>
    internal void Become(string path) => Path = path;
}

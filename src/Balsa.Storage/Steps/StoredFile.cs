namespace Balsa.Storage.Steps;

/// <summary>A file as a planner knows it: a name, and behind <see cref="Handle"/> whatever the disk needs to find it again.</summary>
public sealed class StoredFile(string path)
{
    /// <summary>Where it was opened; a rename afterwards does not change it.</summary>
    public string Path { get; } = path;

    /// <summary>Set by the disk when the file is opened, cleared when it is closed. Nobody else looks at it.</summary>
    public object? Handle { get; set; }

    public bool IsOpen => Handle is not null;

    public override string ToString() => Path;
}

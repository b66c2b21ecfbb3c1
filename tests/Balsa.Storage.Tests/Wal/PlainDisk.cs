using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Wal;

/// <summary>Files in memory that never fail: for tests of what is written. Crashes are the simulator's matter.</summary>
internal sealed class PlainDisk : IDisk
{
    private sealed class Node
    {
        public byte[] Bytes = [];
        public bool Locked;
    }

    private readonly SortedDictionary<string, Node> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);

    /// <summary>Steps that fail.</summary>
    public Func<IoStep, DiskError> Fault { get; set; } = _ => DiskError.None;

    public List<(IoSite Site, StepKind Kind)> Done { get; } = [];

    public IEnumerable<string> Names => _files.Keys;

    public byte[] this[string path]
    {
        get => _files[path].Bytes;
        set => _files[path] = new Node { Bytes = value };
    }

    public bool Has(string path) => _files.ContainsKey(path);

    public void MakeDirectory(string path) => _directories.Add(path);

    public void Remove(string path) => _files.Remove(path);

    /// <summary>The process is gone; what it had written is still there.</summary>
    public void Kill()
    {
        foreach (var node in _files.Values) node.Locked = false;
    }

    public PlainDisk Copy()
    {
        var copy = new PlainDisk();
        foreach (var (path, node) in _files) copy[path] = [.. node.Bytes];
        copy._directories.UnionWith(_directories);
        return copy;
    }

    public void Execute(IoStep step)
    {
        Done.Add((step.Site, step.Kind));
        var fault = Fault(step);
        if (fault != DiskError.None) step.Fail(fault, 5);
        else Do(step);
    }

    private void Do(IoStep step)
    {
        var node = step.File?.Handle as Node ?? _files.GetValueOrDefault(step.Path);
        switch (step.Kind)
        {
            case StepKind.MakeDirectory: _directories.Add(step.Path); break;
            case StepKind.List: step.Names.AddRange(NamesIn(step.Path)); break;
            case StepKind.Lock:
                if (node is { Locked: true }) step.Fail(DiskError.InUse, 11);
                else step.File!.Handle = _files[step.Path] = new Node { Locked = true };
                break;
            case StepKind.Create: step.File!.Handle = _files[step.Path] = new Node(); break;
            case StepKind.Open or StepKind.OpenToRead when node is not null:
                (step.File!.Handle, step.Count) = (node, node.Bytes.Length);
                break;
            case StepKind.Write: Write(node!, step); break;
            case StepKind.Read: Read(node!, step); break;
            case StepKind.Close: step.File!.Handle = null; break;
            case StepKind.Rename when node is not null:
                _files.Remove(step.Path);
                _files[step.Target] = node;
                break;
            case StepKind.Delete when node is not null: _files.Remove(step.Path); break;
            case StepKind.Sync or StepKind.SyncDirectory: break;
            default: step.Fail(DiskError.NotFound, 2); break;
        }
    }

    private IEnumerable<string> NamesIn(string directory)
    {
        foreach (var path in _files.Keys.Concat(_directories))
            if (string.Equals(Path.GetDirectoryName(path), directory, StringComparison.Ordinal)) yield return Path.GetFileName(path);
    }

    private static void Write(Node node, IoStep step)
    {
        var end = (int)step.Offset + step.Bytes.Length;
        if (node.Bytes.Length < end) Array.Resize(ref node.Bytes, end);
        step.Bytes.Span.CopyTo(node.Bytes.AsSpan((int)step.Offset));
    }

    private static void Read(Node node, IoStep step)
    {
        var rest = node.Bytes.AsSpan((int)Math.Min(step.Offset, node.Bytes.Length));
        step.Count = Math.Min(rest.Length, step.Into.Length);
        rest[..(int)step.Count].CopyTo(step.Into.Span);
    }
}

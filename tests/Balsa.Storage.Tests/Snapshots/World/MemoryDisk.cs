using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Snapshots.World;

/// <summary>What a power cut leaves of bytes that were written and not synced.</summary>
internal enum Unsynced
{
    /// <summary>All of them: the process died, the machine did not.</summary>
    Kept,

    /// <summary>None, and the file has its old length.</summary>
    Lost,

    /// <summary>The new length, and zeros.</summary>
    Zeroed,

    /// <summary>The first half of what was changed.</summary>
    Torn,
}

/// <summary>
/// One directory in memory that forgets what was not synced. Bytes become durable by a sync of their file, names by a sync
/// of the directory, and of names that were not synced a crash keeps any selection.
/// </summary>
internal sealed class MemoryDisk : IDisk
{
    private sealed class Node(byte[] durable, byte[] live)
    {
        public byte[] Durable = durable, Live = live;
    }

    private readonly record struct NameChange(string? Gone, string? Come, Node? Node);

    private readonly SortedDictionary<string, Node> _live = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Node> _durable = new(StringComparer.Ordinal);
    private readonly List<NameChange> _changes = [];

    /// <summary>Makes a step fail. A write that fails has written half.</summary>
    public Func<IoStep, DiskError> Fault { get; set; } = _ => DiskError.None;

    public List<IoSite> Sites { get; } = [];

    public IEnumerable<string> Names => _live.Keys;

    public byte[] this[string path]
    {
        get => _live[path].Live;
        set => _live[path] = _durable[path] = new Node(value, value);
    }

    public bool Has(string path) => _live.ContainsKey(path);

    public void Execute(IoStep step)
    {
        Sites.Add(step.Site);
        var fault = Fault(step);
        if (fault == DiskError.None) Do(step);
        else
        {
            if (step.Kind == StepKind.Write) Write((Node)step.File!.Handle!, step.Offset, step.Bytes[..(step.Bytes.Length / 2)].Span);
            step.Fail(fault, 5);
        }
    }

    /// <summary>A disk as it may be after the machine lost its power now; each bit of the selection keeps one change of a name.</summary>
    public MemoryDisk AfterCrash(int selection, Unsynced unsynced)
    {
        var names = new SortedDictionary<string, Node>(_durable, StringComparer.Ordinal);
        for (var i = 0; i < _changes.Count; i++)
        {
            if ((selection >> i & 1) == 0) continue;
            if (_changes[i].Gone is { } gone) names.Remove(gone);
            if (_changes[i].Come is { } come) names[come] = _changes[i].Node!;
        }
        var after = new MemoryDisk();
        foreach (var (name, node) in names) after[name] = Left(node, unsynced);
        return after;
    }

    /// <summary>All that a crash at this moment may leave.</summary>
    public IEnumerable<MemoryDisk> AfterAnyCrash()
    {
        foreach (var unsynced in Enum.GetValues<Unsynced>())
            for (var selection = 0; selection < 1 << _changes.Count; selection++)
                yield return AfterCrash(selection, unsynced);
    }

    /// <summary>The process dies and the machine does not: everything is still there, and still not durable.</summary>
    public MemoryDisk AfterKill()
    {
        var after = new MemoryDisk();
        var nodes = new Dictionary<Node, Node>();
        Node Twin(Node node) => nodes.TryGetValue(node, out var twin) ? twin : nodes[node] = new Node([.. node.Durable], [.. node.Live]);
        foreach (var (name, node) in _live) after._live[name] = Twin(node);
        foreach (var (name, node) in _durable) after._durable[name] = Twin(node);
        foreach (var change in _changes) after._changes.Add(change with { Node = change.Node is null ? null : Twin(change.Node) });
        return after;
    }

    private void Do(IoStep step)
    {
        var node = step.File?.Handle as Node ?? _live.GetValueOrDefault(step.Path);
        switch (step.Kind)
        {
            case StepKind.List:
                foreach (var path in _live.Keys) step.Names.Add(Path.GetFileName(path));
                break;
            case StepKind.Create:
                if (node is null) Change(new NameChange(null, step.Path, node = new Node([], [])));
                node.Live = [];
                step.File!.Handle = node;
                break;
            case StepKind.Open or StepKind.OpenToRead when node is not null:
                (step.File!.Handle, step.Count) = (node, node.Live.Length);
                break;
            case StepKind.Write:
                Write(node!, step.Offset, step.Bytes.Span);
                break;
            case StepKind.Read:
                var rest = node!.Live.AsSpan((int)Math.Min(step.Offset, node.Live.Length));
                step.Count = Math.Min(rest.Length, step.Into.Length);
                rest[..(int)step.Count].CopyTo(step.Into.Span);
                break;
            case StepKind.Sync:
                node!.Durable = [.. node.Live];
                break;
            case StepKind.Close:
                step.File!.Handle = null;
                break;
            case StepKind.Rename when node is not null:
                Change(new NameChange(step.Path, step.Target, node));
                break;
            case StepKind.Delete when node is not null:
                Change(new NameChange(step.Path, null, null));
                break;
            case StepKind.SyncDirectory:
                _durable.Clear();
                foreach (var (name, named) in _live) _durable[name] = named;
                _changes.Clear();
                break;
            default:
                step.Fail(DiskError.NotFound, 2);
                break;
        }
    }

    private void Change(NameChange change)
    {
        if (change.Gone is not null) _live.Remove(change.Gone);
        if (change.Come is not null) _live[change.Come] = change.Node!;
        _changes.Add(change);
    }

    private static void Write(Node node, long offset, ReadOnlySpan<byte> bytes)
    {
        var live = new byte[Math.Max(node.Live.Length, offset + bytes.Length)];
        node.Live.CopyTo(live, 0);
        bytes.CopyTo(live.AsSpan((int)offset));
        node.Live = live;
    }

    private static byte[] Left(Node node, Unsynced unsynced)
    {
        if (unsynced == Unsynced.Kept || node.Live.AsSpan().SequenceEqual(node.Durable)) return [.. node.Live];
        if (unsynced == Unsynced.Lost) return [.. node.Durable];
        var same = node.Live.AsSpan().CommonPrefixLength(node.Durable);
        var torn = unsynced == Unsynced.Torn ? same + (node.Live.Length - same) / 2 : same;
        return [.. node.Live.AsSpan(0, torn), .. new byte[node.Live.Length - torn]];
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Snapshots.Transfer;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Snapshots;

/// <summary>
/// Every snapshot that there may be, with its content and the bytes of its file, kept on another member's disk that nothing
/// ever happens to; and which of them a process has relied on.
/// </summary>
internal sealed class SnapshotTruth
{
    private const int BlockBytes = 512, BlocksMax = 6;

    private readonly FaultyDisk _others = new();
    private readonly List<TrueSnapshot> _all = [];
    private readonly ulong _salt;

    internal SnapshotTruth(ulong salt)
    {
        _salt = salt;
        Directory = new SnapshotDirectory("snapshots", new GroupId(1), salt | 1);
        _others.AddDirectory(Directory.Path);
    }

    internal SnapshotDirectory Directory { get; }

    /// <summary>The newest that was published, or found at a start and built upon: from then on it must be there.</summary>
    internal EntryId Relied { get; private set; }

    /// <summary>Bytes that the disk had confirmed are wrong.</summary>
    internal bool IsDamaged { get; private set; }

    internal void Rely(EntryId id)
    {
        if (id.Index > Relied.Index) Relied = id;
    }

    /// <summary>Damage may have taken what was relied on. What is found now is what there is.</summary>
    internal void OnDamage() => (IsDamaged, Relied) = (true, default);

    /// <summary>The snapshot to make next: a new one, or one that was begun and that nobody relies on.</summary>
    internal TrueSnapshot Next(Dice dice)
    {
        var last = _all.Count > 0 ? _all[^1] : null;
        if (last is not null && last.Id.Index > Relied.Index && dice.Chance(500)) return last;
        var index = (last?.Id.Index.Value ?? 0) + 1 + (ulong)dice.Below(4);
        return Make(new EntryId(new Term(1 + index / 8), new LogIndex(index)));
    }

    internal TrueSnapshot? Find(EntryId id) => _all.Find(snapshot => snapshot.Id == id);

    /// <summary>Whether the file of that name holds exactly what must be in it.</summary>
    internal bool IsWhole(FaultyDisk disk, TrueSnapshot snapshot) =>
        disk.TryLook(Directory.PathOf(snapshot.Id), out var content) && content.SequenceEqual(snapshot.File);

    internal TrueSnapshot? NewestWhole(FaultyDisk disk)
    {
        for (var i = _all.Count - 1; i >= 0; i--)
            if (IsWhole(disk, _all[i])) return _all[i];
        return null;
    }

    /// <summary>A file that has a name and not what belongs in it. None is ever there unless the disk damaged it.</summary>
    internal TrueSnapshot? FindTorn(FaultyDisk disk)
    {
        foreach (var snapshot in _all)
            if (disk.TryLook(Directory.PathOf(snapshot.Id), out var content) && !content.SequenceEqual(snapshot.File)) return snapshot;
        return null;
    }

    internal string PathOfIncoming(EntryId id) => Path.ChangeExtension(Directory.PathOf(id), ".incoming");

    internal string PathOfPart(EntryId id) => Path.ChangeExtension(Directory.PathOf(id), ".part");

    /// <summary>Another member that has it and sends it.</summary>
    internal SnapshotSender Sender(EntryId id)
    {
        var sender = new SnapshotSender(Directory, id);
        OnOthers(sender.Open(new IoStep()));
        return sender;
    }

    /// <summary>Steps of the sender.</summary>
    internal void OnOthers(IEnumerable<IoStep> steps)
    {
        foreach (var step in steps) _others.Execute(step);
    }

    private TrueSnapshot Make(EntryId id)
    {
        var dice = new Dice(Mixing.Mix(_salt, id.Index.Value));
        var content = new byte[Math.Max(0, dice.Below(BlocksMax + 1) * BlockBytes - (dice.Chance(500) ? dice.Below(BlockBytes) : 0))];
        for (var i = 0; i < content.Length; i++) content[i] = (byte)dice.Next();
        var head = new SnapshotHead
        {
            Identity = Directory.IdentityOf(id), Configuration = Configuration.OfVoters(1, 2, 3), FeatureLevel = 1, BlockBytes = BlockBytes,
        };
        var writer = new SnapshotWriter<NoStorageProbe>(Directory, head);
        OnOthers(writer.Write(new IoStep(), new SlicedContent(content, BlockBytes), () => true));
        _others.TryLook(Directory.PathOf(id), out var file);
        var made = new TrueSnapshot(id, head, content, file.ToArray());
        _all.Add(made);
        return made;
    }
}

/// <param name="File">All bytes of its file, whoever writes it.</param>
internal sealed record TrueSnapshot(EntryId Id, SnapshotHead Head, byte[] Content, byte[] File);

/// <summary>Gives content in slices.</summary>
internal sealed class SlicedContent(byte[] content, int slice) : ISnapshotSource
{
    private int _at;

    public int Read(Span<byte> into)
    {
        if (_at == content.Length) return ISnapshotSource.End;
        var given = content.AsSpan(_at, Math.Min(Math.Min(into.Length, slice), content.Length - _at));
        given.CopyTo(into);
        _at += given.Length;
        return given.Length;
    }
}

/// <summary>Compares what it is given with what it should be.</summary>
internal sealed class ComparedContent(byte[] content) : ISnapshotSink
{
    private int _at;
    private bool _differs;

    internal bool IsRight => !_differs && _at == content.Length;

    public bool TryTake(ReadOnlySpan<byte> given)
    {
        _differs |= !content.AsSpan(_at).StartsWith(given);
        _at = Math.Min(content.Length, _at + given.Length);
        return true;
    }
}

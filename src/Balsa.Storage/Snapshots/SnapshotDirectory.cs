using System.Globalization;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Snapshots.Format;

namespace Balsa.Storage.Snapshots;

/// <summary>The folder of one group's snapshots, and the names in it.</summary>
public sealed record SnapshotDirectory(string Path, GroupId Group, ulong Cluster)
{
    internal const string Snapshot = ".snapshot";

    /// <summary>Being written by this member. Worth nothing after a crash: the state is still in memory or in the log.</summary>
    internal const string Part = ".part";

    /// <summary>Arriving from another member. What is there need not be sent again.</summary>
    internal const string Incoming = ".incoming";

    public SnapshotIdentity IdentityOf(EntryId id) => new(Group, Cluster, id);

    public string PathOf(EntryId id) => PathOf(id, Snapshot);

    internal string PathOf(EntryId id, string suffix) => PathOf(NameOf(id, suffix));

    internal string PathOf(string name) => System.IO.Path.Join(Path, name);

    /// <summary>False for every name that is not spelled as this type spells it.</summary>
    internal static bool TryParse(string name, string suffix, out EntryId id)
    {
        id = default;
        if (name.Length != 33 + suffix.Length) return false;
        if (!TryParse(name.AsSpan(0, 16), out var index) || !TryParse(name.AsSpan(17, 16), out var term)) return false;
        id = new EntryId(new Term(term), new LogIndex(index));
        return name == NameOf(id, suffix);
    }

    private static string NameOf(EntryId id, string suffix) => $"{id.Index.Value:x16}-{id.Term.Value:x16}{suffix}";

    private static bool TryParse(ReadOnlySpan<char> digits, out ulong value) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}

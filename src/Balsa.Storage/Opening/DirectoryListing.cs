using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Opening;

/// <summary>What lies in a data directory, by name.</summary>
internal sealed class DirectoryListing
{
    internal bool HasIdentity { get; private set; }

    internal bool HasLog { get; private set; }

    /// <summary>Segments of the log, ascending.</summary>
    internal List<ulong> Segments { get; } = [];

    internal List<ulong> Spares { get; } = [];

    /// <summary>Files that were being written when a process ended, below the directory.</summary>
    internal List<string> Leftovers { get; } = [];

    /// <summary>Higher than every number in use.</summary>
    internal ulong NextNumber { get; set; } = 1;

    internal void TakeTop(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            HasIdentity |= string.Equals(name, DirectoryNames.Identity, StringComparison.Ordinal);
            HasLog |= string.Equals(name, DirectoryNames.Log, StringComparison.Ordinal);
            if (string.Equals(name, DirectoryNames.NewIdentity, StringComparison.Ordinal)) Leftovers.Add(name);
        }
    }

    internal void TakeLog(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (SegmentName.TryLive(name, out var sequence)) Segments.Add(sequence);
            else if (SegmentName.TrySpare(name, out var number)) Spares.Add(number);
            else if (SegmentName.IsUnfinished(name)) Leftovers.Add(Path.Combine(DirectoryNames.Log, name));
        }

        Segments.Sort();
        Spares.Sort();
        foreach (var number in Segments.Concat(Spares)) NextNumber = Math.Max(NextNumber, number + 1);
    }
}

/// <summary>The names in a data directory.</summary>
internal static class DirectoryNames
{
    internal const string Lock = "LOCK", Identity = "identity", NewIdentity = "identity.new", Log = "wal",
        Snapshots = "snapshots", Founding = "founding", Skips = "skips";
}

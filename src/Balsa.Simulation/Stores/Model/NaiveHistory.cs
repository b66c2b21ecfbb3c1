using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Everything that ever happened to every key. Nothing is thrown away, whatever was compacted.</summary>
internal sealed class NaiveHistory
{
    internal const long Now = long.MaxValue;

    private readonly SortedDictionary<byte[], List<NaiveVersion>> _keys = new(ByteOrder.Instance);
    private readonly List<NaiveVersion> _events = [];

    /// <summary>Every key that ever was.</summary>
    internal IEnumerable<byte[]> Keys => _keys.Keys;

    /// <summary>In the order in which it happened.</summary>
    internal IReadOnlyList<NaiveVersion> Events => _events;

    /// <summary>The key as of a revision; null when it is not there.</summary>
    internal NaiveVersion? Find(byte[] key, long revision)
    {
        var last = Last(key, revision);
        return last is { IsDelete: false } ? last : null;
    }

    /// <summary>The last thing that happened to the key up to a revision, deletes included.</summary>
    internal NaiveVersion? Last(byte[] key, long revision) =>
        _keys.TryGetValue(key, out var versions) ? versions.FindLast(version => version.Modified <= revision) : null;

    /// <summary>What a change replaced: the key as it was before the revision; nothing when the change created it.</summary>
    internal NaiveVersion? Before(NaiveVersion version)
    {
        var creates = !version.IsDelete && version.Created == version.Modified;
        return creates ? null : Find(version.Key, version.Modified - 1);
    }

    /// <summary>The live keys of a range, in their order.</summary>
    internal List<NaiveVersion> Range(byte[] key, byte[] end, long revision)
    {
        var found = new List<NaiveVersion>();
        if (end.Length == 0)
        {
            if (Find(key, revision) is { } single) found.Add(single);
            return found;
        }

        foreach (var (candidate, versions) in _keys)
        {
            if (!ByteOrder.IsInside(candidate, key, end)) continue;
            var last = versions.FindLast(version => version.Modified <= revision);
            if (last is { IsDelete: false }) found.Add(last);
        }

        return found;
    }

    /// <summary>The live keys of a lease, in their order.</summary>
    internal List<NaiveVersion> KeysOf(long lease) => Range([0], [0], Now).FindAll(version => version.Lease == lease);

    /// <summary>Stores a value; says what was there before. What is to be kept of a key that is gone meanwhile is nothing.</summary>
    internal NaiveVersion? Put(PlainPut put, long revision)
    {
        var previous = Find(put.Key, Now);
        Add(new NaiveVersion(put.Key, revision)
        {
            Value = put.Has(KeyValue.Commands.PutOptions.KeepValue) ? previous?.Value ?? [] : put.Value,
            Lease = put.Has(KeyValue.Commands.PutOptions.KeepLease) ? previous?.Lease ?? 0 : put.Lease,
            Created = previous?.Created ?? revision,
            Version = (previous?.Version ?? 0) + 1,
        });
        return previous;
    }

    internal void Delete(byte[] key, long revision) => Add(new NaiveVersion(key, revision) { IsDelete = true });

    private void Add(NaiveVersion version)
    {
        if (!_keys.TryGetValue(version.Key, out var versions)) _keys.Add(version.Key, versions = []);
        versions.Add(version);
        _events.Add(version);
    }
}

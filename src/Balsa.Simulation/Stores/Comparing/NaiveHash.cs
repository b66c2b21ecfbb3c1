using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Hashing;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.Stores.Comparing;

/// <summary>The hash of what can be seen from the compacted revision up to another, added up from the model.</summary>
internal static class NaiveHash
{
    internal static (StoreError Error, uint Hash) Of(NaiveHistory history, long revision, long newest, long compacted)
    {
        var upTo = revision > 0 ? revision : newest;
        if (upTo > newest) return (StoreError.FutureRevision, 0);
        if (upTo < compacted) return (StoreError.Compacted, 0);
        var sum = 0UL;
        foreach (var version in history.Events)
        {
            if (version.Modified > upTo) continue;
            var isOld = version.Modified <= compacted;
            if (isOld && (version.IsDelete || !ReferenceEquals(history.Last(version.Key, compacted), version))) continue;
            sum += version.IsDelete
                ? Hash64.Of(version.Key, (ulong)version.Modified)
                : Hash64.OfKeyValue(version.Key, version.Value, version.Created, version.Modified, version.Version, version.Lease);
        }

        sum = Hash64.Join(sum, (ulong)compacted);
        return (StoreError.None, (uint)(sum ^ (sum >> 32)));
    }
}

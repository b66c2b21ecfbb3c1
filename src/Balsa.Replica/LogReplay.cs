using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Replica.Contracts;
using Balsa.Replica.Skipping;

namespace Balsa.Replica;

/// <summary>At the start: tells core and cache of the log that was found on disk.</summary>
internal static class LogReplay
{
    /// <returns>What the log behind the restored state takes.</returns>
    internal static long Run(EntryCache entries, SkipRule skips, RecoveredState recovered, ReplicaStart start, long cacheBytesMax)
    {
        var bytes = 0L;
        entries.Reset(recovered.Boundary.Index);
        foreach (var entry in start.Log)
        {
            recovered.Replay(entry.Ref, entry.Ref.Kind == EntryKind.Configuration ? Decode(entry) : null);
            entries.Append(entry);
            skips.OnAppended(entry);
            entries.Shrink(cacheBytesMax, entries.Last);
            if (entry.Ref.Id.Index > start.Applied.Index) bytes += EntryCache.BytesOf(entry);
        }

        return bytes;
    }

    private static Configuration Decode(in ReplicaEntry entry) =>
        ConfigurationCodec.TryRead(entry.Payload.Span, out var configuration)
            ? configuration
            : throw new UnusableEntryException(entry.Ref.Id, "it is a membership that this build cannot read");
}

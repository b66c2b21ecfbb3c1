using Balsa.Raft.Log;

namespace Balsa.Replica;

/// <summary>A committed entry that cannot be applied. The node stops, because skipping it would make its state differ from the
/// others'.</summary>
public sealed class UnusableEntryException(EntryId entry, string why)
    : Exception($"Entry {entry} is committed and cannot be applied: {why}. Start the build that wrote it, or replace this member.");

using Balsa.Raft.Log;
using Balsa.Replica.Skipping;

namespace Balsa.Replica.Applying;

/// <summary>An entry that could not be applied, why, and how to name it.</summary>
internal sealed record FailedEntry(EntryId Entry, SkippedEntry Named, Exception Problem);

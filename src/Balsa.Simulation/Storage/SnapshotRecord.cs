using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Simulation.Storage;

/// <summary>A snapshot file: the state is the chain of everything applied, and the membership at that index.</summary>
internal sealed record SnapshotRecord(EntryId Id, ulong Chain, Configuration Configuration)
{
    internal static SnapshotRecord None(Configuration founding) => new(EntryId.Start, 0, founding);
}

using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Storage;

/// <summary>An entry in a log, with the chain over it and everything before it: equal chains mean equal logs up to here.</summary>
internal readonly record struct StoredEntry(EntryRef Entry, Configuration? Configuration, ulong Chain)
{
    internal static ulong ChainOf(ulong before, in EntryRef entry)
    {
        var chain = Mixing.Mix(before, entry.Id.Term.Value);
        chain = Mixing.Mix(chain, entry.Id.Index.Value);
        return Mixing.Mix(chain, entry.Payload.Value * 4 + (ulong)entry.Kind);
    }
}

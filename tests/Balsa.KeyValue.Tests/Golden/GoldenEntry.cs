using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Tests.Golden;

/// <summary>An entry of a golden log: its term, all its bytes, and what it is there for. Its index is its place in the log.</summary>
internal sealed record GoldenEntry(ulong Term, byte[] Bytes, string Comment)
{
    internal EntryId At(int index) => new(new Term(Term), new LogIndex((ulong)index));
}

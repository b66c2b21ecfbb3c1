using Balsa.Raft.Reads;

namespace Balsa.Simulation.Workload;

internal enum RequestKind : byte { Propose = 1, Read, Change, Transfer, Campaign, Resign }

internal enum RequestState : byte { Open = 1, Answered, Lost }

/// <summary>One correlation: who asked whom for what, and what had been promised to anyone before.</summary>
internal record struct Request
{
    internal RequestKind Kind;
    internal RequestState State;
    internal ReadMode Mode;
    internal int Slot;
    internal int Client;
    internal ulong Life;
    internal ulong Command;

    /// <summary>A read must see at least this: the newest write or read that anyone had an answer to.</summary>
    internal ulong Needs;
    internal long AskedAt;
    internal ulong DoneAt;
}

using Balsa.Simulation.Stores.Requests;
using Balsa.Simulation.Stores.Scripts;

namespace Balsa.Simulation.Stores.Playing;

/// <summary>One step of a round. A round is a list of them, and any part of the list is a round, too.</summary>
internal abstract record StoreAction;

internal sealed record ApplyEntry(StoreEntry Entry) : StoreAction
{
    public override string ToString() => Entry.ToString();
}

/// <summary>Ends a batch; the view before it is kept for later questions, or let go.</summary>
internal sealed record PublishView(bool KeepsOlder) : StoreAction
{
    public override string ToString() => KeepsOlder ? "publish" : "publish, and let all older views go";
}

/// <summary>A query of the view that was published so many views ago.</summary>
internal sealed record AskRange(int Age, PlainRange Query) : StoreAction
{
    public override string ToString() => $"{Query}, of view -{Age}";
}

/// <summary>A transaction that only reads, of a view.</summary>
internal sealed record AskTxn(int Age, PlainTxn Txn) : StoreAction
{
    public override string ToString() => $"{Txn}, of view -{Age}";
}

/// <summary>All events of a view from a revision on.</summary>
internal sealed record WalkEvents(int Age, long From) : StoreAction
{
    public override string ToString() => $"events from {From}, of view -{Age}";
}

/// <summary>Hashes and counts of a view and of the stores.</summary>
internal sealed record CompareHashes(int Age, long Revision) : StoreAction
{
    public override string ToString() => $"hashes at {Revision}, of view -{Age}";
}

/// <summary>Frees some of what was compacted.</summary>
internal sealed record FreeMemory(int Steps) : StoreAction
{
    public override string ToString() => $"work {Steps}";
}

/// <summary>Writes on at a snapshot, and begins one when there is none; what is finished is restored and becomes the twin.</summary>
internal sealed record WriteSnapshot(int BytesMax, int Steps) : StoreAction
{
    public override string ToString() => $"snapshot, {BytesMax} bytes, {Steps} steps";
}

/// <summary>Gives up the snapshot that is being written.</summary>
internal sealed record DropSnapshot : StoreAction
{
    public override string ToString() => "give up the snapshot";
}

/// <summary>A sign of life of a lease, at the leader.</summary>
internal sealed record RenewLease(int Place) : StoreAction;

/// <summary>Frees all that can be freed; then nothing may be left of keys that are gone.</summary>
internal sealed record TidyUp : StoreAction;

/// <summary>Another store applies all entries from the first, all at once.</summary>
internal sealed record Rebuild : StoreAction
{
    public override string ToString() => "rebuild";
}

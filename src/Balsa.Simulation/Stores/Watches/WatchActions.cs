using Balsa.KeyValue.Watches;
using Balsa.Simulation.Stores.Playing;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Watches;

/// <summary>A client begins to watch.</summary>
internal sealed record OpenWatch(int Client, byte[] Key, byte[] End, long Start, WatchOptions Options) : StoreAction
{
    public override string ToString() => $"client {Client} watches {Words.Range(Key, End)} from {Start} [{Options}]";
}

/// <summary>A client ends one of its watches.</summary>
internal sealed record CancelWatch(int Client, int Place) : StoreAction;

/// <summary>A client stops to take what it is sent, or goes on.</summary>
internal sealed record BlockClient(int Client, bool IsFull) : StoreAction;

/// <summary>A client wants to know up to where it has everything.</summary>
internal sealed record AskProgress(int Client) : StoreAction;

/// <summary>The hub does some steps.</summary>
internal sealed record WorkWatches(int Steps) : StoreAction;

/// <summary>All clients read again, and in the end each must have seen everything.</summary>
internal sealed record FinishWatches : StoreAction;

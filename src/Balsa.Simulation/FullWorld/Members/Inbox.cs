using System.Diagnostics.CodeAnalysis;
using Balsa.Replica.Hosting;
using Balsa.Replica.Inputs;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>What waits for the next turn of a replica.</summary>
internal sealed class Inbox : IInbox
{
    private readonly Queue<ReplicaInput> _waiting = new();

    public int Count => _waiting.Count;

    public bool TryTake([MaybeNullWhen(false)] out ReplicaInput input) => _waiting.TryDequeue(out input);

    internal void Add(ReplicaInput input) => _waiting.Enqueue(input);
}

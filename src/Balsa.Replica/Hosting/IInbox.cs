using System.Diagnostics.CodeAnalysis;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Hosting;

/// <summary>What waits for a replica, in the order in which it came.</summary>
internal interface IInbox
{
    int Count { get; }

    bool TryTake([MaybeNullWhen(false)] out ReplicaInput input);
}

namespace Balsa.Replica.Requests;

/// <summary>For what the replica itself proposes.</summary>
internal sealed class NobodyWaits : Caller
{
    internal override void Answer(in ReplicaAnswer answer)
    {
    }
}

namespace Balsa.Replica.Requests;

/// <summary>In this process.</summary>
internal sealed class LocalCaller(TaskCompletionSource<ReplicaAnswer> waiting) : Caller
{
    internal override void Answer(in ReplicaAnswer answer) => waiting.TrySetResult(answer);
}

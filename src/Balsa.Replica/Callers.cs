using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Replica;

/// <summary>What there was no room in.</summary>
public enum Shortage : byte
{
    None = 0,

    /// <summary>The log has reached its bound.</summary>
    Log,

    /// <summary>The disk is full. Room that is made is noticed.</summary>
    Disk,
}

/// <summary>What became of a request, with the state machine's answer when it is done.</summary>
/// <param name="Leader">Who leads as far as this member knows, for a caller that wants to go there.</param>
/// <param name="Shortage">Set when it was refused for want of room.</param>
public readonly record struct ReplicaAnswer(
    Outcome Outcome, EntryId Entry, MemberId Leader, object? Result, Shortage Shortage = Shortage.None);

/// <summary>Somebody who waits, and what for.</summary>
internal sealed class Caller(ReadOnlyMemory<byte> query, TaskCompletionSource<ReplicaAnswer> waiting)
{
    internal ReadOnlyMemory<byte> Query { get; } = query;

    internal void Answer(in ReplicaAnswer answer) => waiting.TrySetResult(answer);
}

/// <summary>Who waits for which correlation. Every one is answered exactly once and forgotten.</summary>
internal sealed class Callers
{
    private readonly Dictionary<ulong, Caller> _waiting = [];
    private ulong _last;

    internal int Count => _waiting.Count;

    internal Correlation Add(TaskCompletionSource<ReplicaAnswer> waiting, ReadOnlyMemory<byte> query = default)
    {
        _waiting.Add(++_last, new Caller(query, waiting));
        return new Correlation(_last);
    }

    internal bool TryTake(Correlation correlation, out Caller caller) => _waiting.Remove(correlation.Value, out caller!);

    /// <summary>The core is gone and answers nobody any more.</summary>
    internal void AnswerAll(Outcome outcome)
    {
        foreach (var caller in _waiting.Values) caller.Answer(new ReplicaAnswer(outcome, default, default, null));
        _waiting.Clear();
    }
}

using Balsa.Raft.Effects;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Requests;

/// <summary>Who waits for which correlation. Every one is answered exactly once and forgotten.</summary>
internal sealed class Callers
{
    private readonly Dictionary<ulong, Caller> _waiting = [];
    private ulong _last;

    internal int Count => _waiting.Count;

    internal Correlation Add(TaskCompletionSource<ReplicaAnswer> waiting, ReplicaInput? request = null) =>
        Add(new LocalCaller(waiting) { Request = request });

    internal Correlation Add(Caller caller)
    {
        _waiting.Add(++_last, caller);
        return new Correlation(_last);
    }

    internal bool TryTake(Correlation correlation, out Caller caller) => _waiting.Remove(correlation.Value, out caller!);

    /// <summary>All that wait for a read to be confirmed.</summary>
    internal IReadOnlyList<Caller> TakeReads()
    {
        var reads = _waiting.Where(pair => pair.Value.Request is RunQuery).OrderBy(pair => pair.Key).ToArray();
        foreach (var (number, _) in reads) _waiting.Remove(number);
        return [.. reads.Select(pair => pair.Value)];
    }

    /// <summary>The core is gone and answers nobody any more.</summary>
    internal void AnswerAll(Outcome outcome)
    {
        foreach (var caller in _waiting.Values) caller.Answer(new ReplicaAnswer(outcome, default, default, null));
        _waiting.Clear();
    }
}

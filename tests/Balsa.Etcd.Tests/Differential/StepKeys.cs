using Balsa.Etcd.Tests.Steps;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>The keys and ranges that a step is about, to find the steps that have to do with it.</summary>
internal sealed class StepKeys
{
    private readonly List<(byte[] Key, byte[] End)> _ranges = [];

    /// <summary>Those of a step; for the end of a watch, those of the watch.</summary>
    public static StepKeys Of(Step step, IEnumerable<Step> before)
    {
        var keys = new StepKeys();
        keys.Add(step is UnwatchStep end ? before.OfType<WatchStep>().Single(watch => watch.Id == end.Id) : step);
        return keys;
    }

    /// <summary>Whether that step is about one of these keys too; a step without keys, as a compaction, always is.</summary>
    public bool Touches(Step step)
    {
        if (step is RangeStep or UnwatchStep or WatchStep or LeasesStep) return false;
        var others = new StepKeys();
        others.Add(step);
        return _ranges.Count == 0 || others._ranges.Count == 0
            || _ranges.Exists(range => others._ranges.Exists(other => Overlap(range, other)));
    }

    private void Add(Step step)
    {
        switch (step)
        {
            case PutStep put: _ranges.Add((put.Key, [])); break;
            case DeleteStep delete: _ranges.Add((delete.Key, delete.End)); break;
            case RangeStep range: _ranges.Add((range.Key, range.End)); break;
            case WatchStep watch: _ranges.Add((watch.Key, watch.End)); break;
            case TxnStep txn:
                foreach (var condition in txn.If) _ranges.Add((condition.Key, condition.End));
                foreach (var inner in txn.Then.Concat(txn.Else)) Add(inner);
                break;
        }
    }

    private static bool Overlap((byte[] Key, byte[] End) one, (byte[] Key, byte[] End) other) =>
        Contains(one, other.Key) || Contains(other, one.Key);

    private static bool Contains((byte[] Key, byte[] End) range, byte[] key) => range.End.Length == 0
        ? key.AsSpan().SequenceEqual(range.Key)
        : key.AsSpan().SequenceCompareTo(range.Key) >= 0 && (range.End is [0] || key.AsSpan().SequenceCompareTo(range.End) < 0);
}

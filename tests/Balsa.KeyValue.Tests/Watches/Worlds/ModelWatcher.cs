using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches.Worlds;

internal sealed class WatchViolationException(string what) : Exception(what);

/// <summary>
/// What one watcher must see, derived from the whole history in the simplest way: what it asked for from its start on, each
/// event once, in order, a revision at a time.
/// </summary>
internal sealed class ModelWatcher(TestLog log, long id, string key, string end, long start, bool isFromNow, WatchOptions options)
{
    private int _next;
    private long _seen;

    public long Id => id;

    public bool IsOver { get; private set; }

    /// <summary>Everything it asked for was seen.</summary>
    public bool IsComplete => Peek() is null;

    public void Take(in WatchBatch batch)
    {
        if (IsOver) throw Wrong("gets something after its end");
        if (batch.Canceled)
        {
            IsOver = true;
            if (batch.CompactRevision == 0) throw Wrong("was cancelled by nobody");
            var isWrong = batch.Revision != 0 || batch.CompactRevision > log.Compacted;
            if (isWrong) throw Wrong("was cancelled with a wrong revision");
            var hadAll = start >= 0 && Math.Max(_seen, start - 1) >= batch.CompactRevision - 1;
            if (hadAll) throw Wrong("was cancelled though it had all that is gone");
            return;
        }

        var count = 0;
        foreach (var one in batch.Events)
        {
            TakeEvent(one);
            count++;
        }

        if (count == 0) TakeProgress(batch.Revision);
        else if (batch.Revision < _seen) throw Wrong($"has a header of {batch.Revision} for an event of {_seen}");
        if (!batch.Fragment && Peek() is { } next && next.Revision == _seen) throw Wrong($"gets revision {_seen} in two responses");
        if (batch.Fragment && !Has(WatchOptions.Fragment)) throw Wrong("gets parts without having asked");
    }

    public void TakeProgress(long revision)
    {
        if (Peek() is { } next && next.Revision <= revision) throw Wrong($"hears of {revision} and has not seen {next.Revision}");
        if (start > revision + (isFromNow ? 1 : 0)) throw Wrong($"hears of {revision} before its start");
    }

    /// <summary>The client cancels; the answer may come later, events may not.</summary>
    public void End() => IsOver = true;

    public WatchViolationException Wrong(string what) => new($"watcher {id} of [{key}, {end}) from {start} with {options} {what}");

    private void TakeEvent(in WatchEvent one)
    {
        var kv = one.Kv;
        if (Peek() is not { } expected) throw Wrong($"gets {WatchText.Of(kv.Key)} of {kv.Modified}, which it must not");
        var isThat = kv.Modified == expected.Revision && kv.IsDelete == expected.IsDelete && kv.Key.SequenceEqual(expected.Key);
        if (!isThat || !kv.Value.SequenceEqual(expected.Value))
            throw Wrong($"gets {WatchText.Of(kv.Key)} of {kv.Modified} instead of {WatchText.Of(expected.Key)} of {expected.Revision}");
        CheckPrevious(one, expected);
        _seen = expected.Revision;
        _next++;
    }

    private void CheckPrevious(in WatchEvent one, LoggedEvent expected)
    {
        var previous = Before(expected);
        if (!one.HasPrevious)
        {
            var wanted = Has(WatchOptions.Previous) && previous is not null && expected.Revision > log.Compacted;
            if (wanted) throw Wrong($"misses the version before {expected.Revision}");
            return;
        }

        if (!Has(WatchOptions.Previous)) throw Wrong("gets a previous version without having asked");
        if (previous?.Revision == one.Previous.Modified && one.Previous.Value.SequenceEqual(previous.Value)) return;
        throw Wrong($"gets {one.Previous.Modified} as the version before {expected.Revision}");
    }

    /// <summary>The live version of the key before the whole revision.</summary>
    private LoggedEvent? Before(LoggedEvent one)
    {
        var at = one.Previous;
        while (at >= 0 && log.All[at].Revision == one.Revision) at = log.All[at].Previous;
        return at < 0 || log.All[at].IsDelete ? null : log.All[at];
    }

    private LoggedEvent? Peek()
    {
        while (_next < log.All.Count && !Wants(log.All[_next])) _next++;
        return _next < log.All.Count ? log.All[_next] : null;
    }

    private bool Has(WatchOptions option) => (options & option) != WatchOptions.None;

    private bool Wants(LoggedEvent one)
    {
        if (one.Revision < start) return false;
        if (Has(one.IsDelete ? WatchOptions.NoDelete : WatchOptions.NoPut)) return false;
        var name = WatchText.Of(one.Key);
        if (end.Length == 0) return string.Equals(name, key, StringComparison.Ordinal);
        return string.CompareOrdinal(name, key) >= 0 && (end is "\0" || string.CompareOrdinal(name, end) < 0);
    }
}

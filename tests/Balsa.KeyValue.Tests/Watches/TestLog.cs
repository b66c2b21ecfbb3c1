using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;
using Record = Balsa.KeyValue.Store.Record;

namespace Balsa.KeyValue.Tests.Watches;

internal sealed record LoggedEvent(byte[] Key, byte[] Value, long Revision, bool IsDelete, int Previous);

/// <summary>
/// A history in a list, whose views complain when somebody reads what a store would have freed by then.
/// </summary>
internal sealed class TestLog
{
    private readonly Dictionary<string, int> _newest = new(StringComparer.Ordinal);
    private long _epoch;

    public List<LoggedEvent> All { get; } = [];

    public long Revision { get; private set; } = 1;

    public long Compacted { get; private set; } = -1;

    /// <summary>What a compaction has really freed: events and versions before it.</summary>
    public long Freed { get; private set; } = -1;

    public ReaderFloor Floor { get; private set; } = ReaderFloor.None;

    public bool Has(string key) => _newest.TryGetValue(key, out var at) && !All[at].IsDelete;

    /// <summary>One revision: puts, and deletes written with a minus before the key.</summary>
    public long Write(params string[] changes)
    {
        Revision++;
        foreach (var change in changes) Change(change);
        return Revision;
    }

    public void WriteLarge(int bytes, params string[] keys)
    {
        Revision++;
        foreach (var key in keys) Add(key, new byte[bytes], isDelete: false);
    }

    public void Compact(long revision) => Compacted = Math.Max(Compacted, revision);

    public TestView Publish(ReaderFloor floor, long firstNumber = 0)
    {
        Floor = floor;
        Freed = Math.Max(Freed, Math.Min(Compacted, floor.Revision));
        return new TestView(this, _epoch++, firstNumber);
    }

    public int NewestOf(string key, int end)
    {
        for (var at = _newest.GetValueOrDefault(key, -1); at >= 0; at = All[at].Previous)
        {
            if (at < end) return at;
        }

        return -1;
    }

    private void Change(string change)
    {
        var isDelete = change.StartsWith('-');
        Add(isDelete ? change[1..] : change, isDelete ? [] : [(byte)(Revision % 251), (byte)All.Count], isDelete);
    }

    private void Add(string key, byte[] value, bool isDelete)
    {
        All.Add(new LoggedEvent(WatchText.Bytes(key), value, Revision, isDelete, _newest.GetValueOrDefault(key, -1)));
        _newest[key] = All.Count - 1;
    }
}

/// <param name="firstNumber">The number of the first event: another store may count from elsewhere.</param>
internal sealed class TestView(TestLog log, long epoch, long firstNumber) : IEventSource
{
    private readonly int _end = log.All.Count;

    public long Reads { get; private set; }

    public long Epoch { get; } = epoch;

    public long Revision { get; } = log.Revision;

    public long Compacted { get; } = log.Compacted;

    public long EventsEnd => _end + firstNumber;

    public long SeekEvent(long revision)
    {
        InUse();
        var (low, high) = (0, _end);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (log.All[middle].Revision < Math.Max(revision, Compacted)) low = middle + 1;
            else high = middle;
        }

        return low + firstNumber;
    }

    public Record Event(long sequence) => At((int)(sequence - firstNumber));

    public long EventRevision(long sequence)
    {
        Reads++;
        return log.All[(int)(sequence - firstNumber)].Revision;
    }

    public Record Read(ulong reference) => reference == 0 ? default : At((int)reference - 1);

    public Record Newest(ReadOnlySpan<byte> key)
    {
        var at = log.NewestOf(WatchText.Of(key), _end);
        return at < 0 || (log.All[at].Revision < log.Freed && !IsKept(log.All[at], at)) ? default : At(at);
    }

    public bool TryPrevious(scoped in Record record, out Record previous)
    {
        previous = default;
        if (record.Previous == 0 || record.Modified <= Compacted) return false;
        previous = At((int)record.Previous - 1);
        while (previous.Modified == record.Modified && previous.Previous != 0) previous = At((int)previous.Previous - 1);
        return !previous.IsDelete && previous.Modified < record.Modified;
    }

    private Record At(int at)
    {
        Reads++;
        InUse();
        Assert.True(at >= 0 && at < _end, "an event is read that the view does not have");
        var one = log.All[at];
        if (one.Revision < log.Freed) Assert.True(IsKept(one, at), "an event is read that is freed");
        var isFirst = one.Previous < 0 || (one.Revision <= log.Freed && log.All[one.Previous].Revision < one.Revision);
        return new Record
        {
            Reference = (ulong)at + 1, Previous = isFirst ? 0 : (ulong)one.Previous + 1,
            Modified = one.Revision, Key = one.Key, Value = one.Value, IsDelete = one.IsDelete,
        };
    }

    /// <summary>
    /// Of what happened before the revision that is freed up to, the newest version of a key stays; a delete only while a version
    /// after it leads to it. What happened at that revision itself stays all.
    /// </summary>
    private bool IsKept(LoggedEvent one, int at)
    {
        if (one.IsDelete && log.NewestOf(WatchText.Of(one.Key), log.All.Count) == at) return false;
        for (var later = log.NewestOf(WatchText.Of(one.Key), log.All.Count); later > at; later = log.All[later].Previous)
        {
            if (log.All[later].Revision <= log.Freed) return false;
        }

        return true;
    }

    private void InUse() => Assert.True(Epoch >= log.Floor.Epoch || log.Floor == ReaderFloor.None, "a view is read that nobody keeps");
}

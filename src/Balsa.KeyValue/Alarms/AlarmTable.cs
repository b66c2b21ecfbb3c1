using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Alarms;

/// <summary>Alarms that members raised, in order of type and member. A few at the most: one of each type for each member.</summary>
internal sealed class AlarmTable
{
    /// <summary>Beyond this an alarm is not noted: no cluster has so many members, and the list must stay short.</summary>
    internal const int Max = 4096;

    private readonly List<RaisedAlarm> _raised = [];

    /// <summary>All of them as they are now; replaced as a whole, so that any thread may read it.</summary>
    private volatile RaisedAlarm[] _all = [];

    internal ulong ContentHash { get; private set; }

    internal IReadOnlyList<RaisedAlarm> All => _all;

    internal int Count => _raised.Count;

    internal RaisedAlarm this[int i] => _raised[i];

    internal bool Has(AlarmType type)
    {
        foreach (var raised in _raised)
            if (raised.Type == type) return true;
        return false;
    }

    /// <summary>Writes what was asked for or changed; an alarm that is raised again counts as changed, as in etcd.</summary>
    internal StoreError Run(AlarmCommand command, ByteWriter answer)
    {
        var alarm = new RaisedAlarm(command.Member, command.Type);
        switch (command.Action)
        {
            case AlarmAction.Get:
                WriteAll(command.Type, answer);
                return StoreError.None;
            case AlarmAction.Activate when command.Type == AlarmType.None: return StoreError.Malformed;
            case AlarmAction.Activate:
                if (!TryAdd(alarm)) return StoreError.RequestTooLarge;
                WriteOne(alarm, answer);
                return StoreError.None;
            default:
                if (TryRemove(alarm)) WriteOne(alarm, answer);
                else answer.Varint(0L);
                return StoreError.None;
        }
    }

    internal bool TryAdd(RaisedAlarm alarm)
    {
        var at = Find(alarm, out var found);
        if (found) return true;
        if (_raised.Count == Max) return false;
        _raised.Insert(at, alarm);
        _all = [.. _raised];
        ContentHash += HashOf(alarm);
        return true;
    }

    private bool TryRemove(RaisedAlarm alarm)
    {
        var at = Find(alarm, out var found);
        if (!found) return false;
        _raised.RemoveAt(at);
        _all = [.. _raised];
        ContentHash -= HashOf(alarm);
        return true;
    }

    private int Find(RaisedAlarm alarm, out bool found)
    {
        var at = 0;
        while (at < _raised.Count && Compare(_raised[at], alarm) < 0) at++;
        found = at < _raised.Count && _raised[at] == alarm;
        return at;
    }

    private static int Compare(RaisedAlarm one, RaisedAlarm two) =>
        one.Type != two.Type ? ((byte)one.Type).CompareTo((byte)two.Type) : one.Member.CompareTo(two.Member);

    private static ulong HashOf(RaisedAlarm alarm) => Hash64.Join((ulong)alarm.Type, alarm.Member);

    private void WriteAll(AlarmType type, ByteWriter answer)
    {
        var count = 0;
        foreach (var raised in _raised)
            if (type == AlarmType.None || raised.Type == type) count++;
        answer.Varint((ulong)count);
        foreach (var raised in _raised)
            if (type == AlarmType.None || raised.Type == type) Write(raised, answer);
    }

    private static void WriteOne(RaisedAlarm alarm, ByteWriter answer)
    {
        answer.Varint(1L);
        Write(alarm, answer);
    }

    private static void Write(RaisedAlarm alarm, ByteWriter answer)
    {
        answer.Varint(alarm.Member);
        answer.Byte((byte)alarm.Type);
    }
}

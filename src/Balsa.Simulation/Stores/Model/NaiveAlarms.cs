using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.Simulation.Stores.Model;

/// <summary>Alarms that members raised.</summary>
internal sealed class NaiveAlarms
{
    private readonly List<RaisedAlarm> _raised = [];

    /// <summary>By type, then by member.</summary>
    internal IReadOnlyList<RaisedAlarm> Raised => [.. _raised.OrderBy(alarm => alarm.Type).ThenBy(alarm => alarm.Member)];

    internal bool Has(AlarmType type) => _raised.Exists(alarm => alarm.Type == type);

    internal StoreError Run(AlarmCommand command, out IReadOnlyList<RaisedAlarm> told)
    {
        var alarm = new RaisedAlarm(command.Member, command.Type);
        told = [];
        if (command.Action == AlarmAction.Get)
            told = [.. Raised.Where(raised => command.Type == AlarmType.None || raised.Type == command.Type)];
        else if (command.Action == AlarmAction.Deactivate)
            told = _raised.Remove(alarm) ? [alarm] : [];
        else if (command.Type == AlarmType.None)
            return StoreError.Malformed;
        else
        {
            if (!_raised.Contains(alarm)) _raised.Add(alarm);
            told = [alarm];
        }

        return StoreError.None;
    }
}

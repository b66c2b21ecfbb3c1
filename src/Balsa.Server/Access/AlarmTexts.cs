using System.Globalization;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.Server.Access;

/// <summary>Alarms in etcd's words.</summary>
internal static class AlarmTexts
{
    internal static string NameOf(AlarmType type) => type switch
    {
        AlarmType.NoSpace => "NOSPACE",
        AlarmType.Corrupt => "CORRUPT",
        _ => "UNKNOWN",
    };

    /// <summary>As etcd prints one, the space at its end included: programs look for it.</summary>
    internal static string OfStatus(RaisedAlarm alarm) =>
        string.Create(CultureInfo.InvariantCulture, $"memberID:{alarm.Member} alarm:{NameOf(alarm.Type)} ");
}

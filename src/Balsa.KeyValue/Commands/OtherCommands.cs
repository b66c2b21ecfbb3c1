using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>Forgets what is older than a revision: <c>revision</c>.</summary>
public readonly record struct CompactCommand(long Revision)
{
    public void Write(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Varint(Revision);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out CompactCommand command)
    {
        var from = new ByteReader(body);
        command = new CompactCommand(from.Number());
        return from.EndedWell;
    }
}

/// <summary>As in etcd's API, values included.</summary>
public enum AlarmAction : byte { Get = 0, Activate = 1, Deactivate = 2 }

/// <summary>As in etcd's API, values included.</summary>
public enum AlarmType : byte { None = 0, NoSpace = 1, Corrupt = 2 }

/// <summary>Raises, ends or lists alarms: <c>action | type | member</c>.</summary>
public readonly record struct AlarmCommand(AlarmAction Action, AlarmType Type, ulong Member)
{
    public void Write(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Byte((byte)Action);
        into.Byte((byte)Type);
        into.Varint(Member);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out AlarmCommand command)
    {
        var from = new ByteReader(body);
        command = new AlarmCommand((AlarmAction)from.Byte(), (AlarmType)from.Byte(), from.Varint());
        return from.EndedWell && command.Action <= AlarmAction.Deactivate && command.Type <= AlarmType.Corrupt;
    }
}

/// <summary>Opens a session, which gets the index of its entry as its name: <c>seconds</c> without a sign of life end it.</summary>
public readonly record struct SessionOpenCommand(long Seconds)
{
    public void Write(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Varint(Seconds);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out SessionOpenCommand command)
    {
        var from = new ByteReader(body);
        command = new SessionOpenCommand(from.Number());
        return from.EndedWell;
    }
}

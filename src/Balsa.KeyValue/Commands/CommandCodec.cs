using System.Buffers.Binary;
using Balsa.Raft.Log;

namespace Balsa.KeyValue.Commands;

/// <summary>The state machine's commands. The values are in the log: never renumber. 0 is no command.</summary>
public enum CommandKind : byte
{
    Put = 1,
    Delete = 2,
}

/// <summary>A command taken apart; a delete has no value.</summary>
public readonly ref struct Command(CommandKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
{
    public CommandKind Kind { get; } = kind;

    public ReadOnlySpan<byte> Key { get; } = key;

    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>
/// Commands as the bytes of a log entry: the envelope, then <c>4 key length | key | value</c>, little-endian. Kind and
/// version stand in the envelope.
/// </summary>
public static class CommandCodec
{
    public const ushort Version = 1;
    private const int LengthBytes = 4;

    public static byte[] Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, EntryEnvelope envelope) =>
        Write(CommandKind.Put, key, value, envelope);

    public static byte[] Delete(ReadOnlySpan<byte> key, EntryEnvelope envelope) => Write(CommandKind.Delete, key, default, envelope);

    /// <summary>What <see cref="Put"/> and <see cref="Delete"/> wrote; anything else throws, because nobody may guess.</summary>
    public static Command Read(in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var kind = (CommandKind)envelope.CommandKind;
        if (kind is not (CommandKind.Put or CommandKind.Delete))
            throw new UnknownCommandException($"a command of kind {envelope.CommandKind}");
        if (envelope.CommandVersion != Version)
            throw new UnknownCommandException(
                $"a {kind} command of version {envelope.CommandVersion}, and this build knows version {Version}");
        if (command.Length < LengthBytes) throw new UnknownCommandException($"a {kind} command of {command.Length} bytes");
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(command);
        if (keyBytes > (uint)(command.Length - LengthBytes))
            throw new UnknownCommandException($"a {kind} command with a key beyond its end");
        var value = command[(LengthBytes + (int)keyBytes)..];
        if (kind == CommandKind.Delete && !value.IsEmpty) throw new UnknownCommandException("a Delete command with a value");
        return new Command(kind, command.Slice(LengthBytes, (int)keyBytes), value);
    }

    private static byte[] Write(CommandKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, EntryEnvelope envelope)
    {
        var entry = new byte[EntryEnvelope.Bytes + LengthBytes + key.Length + value.Length];
        (envelope with { CommandKind = (byte)kind, CommandVersion = Version }).Write(entry);
        var command = entry.AsSpan(EntryEnvelope.Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(command, (uint)key.Length);
        key.CopyTo(command[LengthBytes..]);
        value.CopyTo(command[(LengthBytes + key.Length)..]);
        return entry;
    }
}

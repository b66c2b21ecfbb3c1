using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Balsa.Raft.Log;

namespace Balsa.Hosting.Commands;

/// <summary>What stands in the log behind the envelope. Its kind says which of these it is; all numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// open     8 seconds that the session may be silent
/// close    8 session
/// command  8 requests below this one were answered | 2 version | 1 length of the name | name | the command as the codec wrote it
/// </code>
/// </remarks>
internal static class HostedEntry
{
    internal const byte OpenKind = 1, CloseKind = 2, CommandKind = 3;

    /// <summary>Of these layouts.</summary>
    internal const ushort Version = 1;

    internal const int NameCharsMax = 100;

    private const int NameAt = 11;

    internal static byte[] Open(long seconds) => Number(OpenKind, (ulong)seconds);

    internal static byte[] Close(ulong session) => Number(CloseKind, session);

    internal static byte[] Command<TState>(
        CommandType<TState> type, IRaftCodec codec, object command, ulong session, ulong request, ulong answeredBelow)
        where TState : class
    {
        var into = new ArrayBufferWriter<byte>(256);
        var head = into.GetSpan(EntryEnvelope.Bytes);
        new EntryEnvelope { CommandKind = CommandKind, CommandVersion = Version, Session = session, Request = request }.Write(head);
        into.Advance(EntryEnvelope.Bytes);
        var name = into.GetSpan(NameAt + type.Name.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(name, answeredBelow);
        BinaryPrimitives.WriteUInt16LittleEndian(name[8..], type.Version);
        name[10] = (byte)type.Name.Length;
        Encoding.ASCII.GetBytes(type.Name, name[NameAt..]);
        into.Advance(NameAt + type.Name.Length);
        type.Write(codec, into, command);
        return into.WrittenSpan.ToArray();
    }

    internal static bool TryReadNumber(ReadOnlySpan<byte> body, out ulong number) =>
        BinaryPrimitives.TryReadUInt64LittleEndian(body, out number) && body.Length == sizeof(ulong);

    internal static bool TryReadCommand(
        ReadOnlySpan<byte> body, out ulong answeredBelow, out string name, out ushort version, out ReadOnlySpan<byte> command)
    {
        (answeredBelow, name, version) = (0, "", 0);
        command = default;
        if (body.Length < NameAt || body.Length < NameAt + body[10]) return false;
        answeredBelow = BinaryPrimitives.ReadUInt64LittleEndian(body);
        version = BinaryPrimitives.ReadUInt16LittleEndian(body[8..]);
        name = Encoding.ASCII.GetString(body.Slice(NameAt, body[10]));
        command = body[(NameAt + body[10])..];
        return true;
    }

    private static byte[] Number(byte kind, ulong number)
    {
        var entry = new byte[EntryEnvelope.Bytes + sizeof(ulong)];
        new EntryEnvelope { CommandKind = kind, CommandVersion = Version }.Write(entry);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(EntryEnvelope.Bytes), number);
        return entry;
    }
}

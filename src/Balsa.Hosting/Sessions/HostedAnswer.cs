using System.Buffers;
using System.Buffers.Binary;

namespace Balsa.Hosting.Sessions;

internal enum AnswerKind : byte
{
    /// <summary>The result follows, or for an opened session nothing: its name is the index.</summary>
    Done = 1,
    NotKept,
    TooOld,
    UnknownSession,
    NoMoreSessions,
}

/// <summary>
/// What the machine answers, as it travels to the caller, from another member perhaps:
/// <code>
/// 1 kind | 8 index of the entry that ran | the result
/// </code>
/// </summary>
internal static class HostedAnswer
{
    private const int HeadBytes = 9;

    /// <summary>The kind and a result yet to come.</summary>
    internal static void Begin(ArrayBufferWriter<byte> into, AnswerKind kind, ulong index)
    {
        into.ResetWrittenCount();
        var head = into.GetSpan(HeadBytes);
        head[0] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(head[1..], index);
        into.Advance(HeadBytes);
    }

    internal static ReadOnlySpan<byte> ResultIn(ReadOnlySpan<byte> answer) => answer[HeadBytes..];

    internal static (AnswerKind Kind, ulong Index) Read(ReadOnlySpan<byte> answer) =>
        ((AnswerKind)answer[0], BinaryPrimitives.ReadUInt64LittleEndian(answer[1..]));
}

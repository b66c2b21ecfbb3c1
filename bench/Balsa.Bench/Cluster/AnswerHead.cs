using System.Buffers.Binary;

namespace Balsa.Bench.Cluster;

/// <summary>The little that the generator reads of what servers say about themselves and about a call that failed.</summary>
internal static class AnswerHead
{
    private const int SettingBytes = 6;
    private const ushort StreamsMaxSetting = 3;

    private static ReadOnlySpan<byte> StatusName => "grpc-status"u8;

    private static ReadOnlySpan<byte> MessageName => "grpc-message"u8;

    /// <summary>How many calls at a time the server allows; null when these settings do not say.</summary>
    internal static uint? StreamsMax(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= SettingBytes; settings = settings[SettingBytes..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(settings) == StreamsMaxSetting)
                return BinaryPrimitives.ReadUInt32BigEndian(settings[2..]);
        }

        return null;
    }

    /// <summary>The server was not able to take one more, and certainly did not do it.</summary>
    internal static bool IsBusy(string status) => status.StartsWith("status 8", StringComparison.Ordinal);

    /// <summary>Status and message of a call, as far as they stand there as text; whoever packs them is not unpacked.</summary>
    internal static string StatusOf(ReadOnlySpan<byte> head)
    {
        var status = TextBehind(head, StatusName);
        return status.Length == 0 ? "no status that can be read" : $"status {status} {TextBehind(head, MessageName)}".TrimEnd();
    }

    /// <summary>A value stands behind its name: its length, below 127 in one byte and unpacked, and its bytes.</summary>
    private static string TextBehind(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0 || at + name.Length >= head.Length) return "";
        var length = head[at + name.Length];
        var value = head[(at + name.Length + 1)..];
        return length < 0x7f && length <= value.Length ? System.Text.Encoding.ASCII.GetString(value[..length]) : "";
    }
}

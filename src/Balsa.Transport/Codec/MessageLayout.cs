using Balsa.Raft;

namespace Balsa.Transport.Codec;

/// <summary>Where the parts of a message stand in the body of its frame. Little-endian.</summary>
/// <remarks>
/// <code>
/// 0      1       2   4         8    16     24         32          40       48      56        64     72        80
/// +------+-------+---+---------+----+------+----------+-----------+--------+-------+---------+------+---------+---------+
/// | kind | flags | 0 | entries | to | term | log term | log index | commit | match | session | boot | number  | entries |
/// +------+-------+---+---------+----+------+----------+-----------+--------+-------+---------+------+---------+---------+
/// an entry: 8 term | 1 kind | 3 zero | 4 length | 4 crc | payload
/// </code>
/// Entries follow the entry that the message names, so their indexes are not repeated.
/// </remarks>
public static class MessageLayout
{
    internal const int FixedBytes = 80, EntryBytes = 20;
    internal const int EntriesAt = 4, ToAt = 8, TermAt = 16, LogTermAt = 24, LogIndexAt = 32, CommitAt = 40, MatchAt = 48;
    internal const int SessionAt = 56, BootAt = 64, NumberAt = 72;

    /// <summary>The largest body that a member with these options ever sends.</summary>
    public static int BodyBytesMax(RaftOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var payload = Math.Max(options.AppendBytesMax, options.EntryBytesMax);
        return (int)Math.Min(Array.MaxLength / 2, FixedBytes + (long)EntryBytes * options.AppendEntriesMax + payload);
    }
}

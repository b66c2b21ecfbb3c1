using System.Buffers.Binary;
using System.Text;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Membership;

/// <summary>
/// A configuration as the bytes of its log entry. All numbers little-endian; text is UTF-8 behind a 16-bit length.
/// <code>
/// 1 version | 1 settings | 4 feature level | 2 members | 2 outgoing voters | 4 removed
/// a member: 8 id | 8 incarnation | 8 added at | 1 role | name | peer addresses | client addresses
/// then the outgoing voters' and the removed members' ids, 8 bytes each
/// </code>
/// </summary>
public static class ConfigurationCodec
{
    private const byte Version = 1;
    private const int HeaderBytes = 14, MemberBytes = 25;
    private const byte ForcedCampaignBit = 1, LeaseReadsBit = 2;

    public static int Length(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var length = HeaderBytes + 8 * (configuration.OutgoingVoters.Length + configuration.Removed.Length);
        foreach (var member in configuration.Members)
            length += MemberBytes + TextLength(member.Name) + TextLength(member.PeerUrls) + TextLength(member.ClientUrls);
        return length;
    }

    /// <summary>Writes exactly <see cref="Length"/> bytes.</summary>
    public static void Write(Configuration configuration, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = configuration.Settings;
        destination[0] = Version;
        destination[1] = (byte)((settings.AllowForcedCampaign ? ForcedCampaignBit : 0) | (settings.LeaseReads ? LeaseReadsBit : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[2..], configuration.FeatureLevel);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], (ushort)configuration.Members.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], (ushort)configuration.OutgoingVoters.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[10..], (uint)configuration.Removed.Length);
        destination = destination[HeaderBytes..];
        foreach (var member in configuration.Members) WriteMember(member, ref destination);
        foreach (var id in configuration.OutgoingVoters) WriteNumber(id.Value, ref destination);
        foreach (var id in configuration.Removed) WriteNumber(id.Value, ref destination);
    }

    /// <summary>False for anything that <see cref="Write"/> would not have written, and for impossible configurations.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Configuration configuration)
    {
        configuration = Configuration.Empty;
        var whole = source;
        if (source.Length < HeaderBytes || source[0] != Version || (source[1] & ~(ForcedCampaignBit | LeaseReadsBit)) != 0) return false;
        var settings = new ClusterSettings((source[1] & ForcedCampaignBit) != 0, (source[1] & LeaseReadsBit) != 0);
        var level = BinaryPrimitives.ReadUInt32LittleEndian(source[2..]);
        int members = BinaryPrimitives.ReadUInt16LittleEndian(source[6..]), outgoing = BinaryPrimitives.ReadUInt16LittleEndian(source[8..]);
        var removed = BinaryPrimitives.ReadUInt32LittleEndian(source[10..]);
        source = source[HeaderBytes..];
        // Compared before anything is allocated: a damaged count must not ask for gigabytes.
        if ((ulong)members * MemberBytes + 8 * ((ulong)outgoing + removed) > (ulong)source.Length) return false;
        var readMembers = new Member[members];
        for (var i = 0; i < members; i++)
            if (!TryReadMember(ref source, out readMembers[i])) return false;
        if (!TryReadIds(ref source, outgoing, out var outgoingVoters)) return false;
        if (!TryReadIds(ref source, (int)removed, out var removedIds) || !source.IsEmpty) return false;
        var read = new Configuration(readMembers, outgoingVoters, removedIds, settings, level);
        if (ConfigurationRules.Check(read) != ConfigurationError.None || !IsSpelled(read, whole)) return false;
        configuration = read;
        return true;
    }

    /// <summary>One configuration, one spelling: members in order and text in proper UTF-8.</summary>
    private static bool IsSpelled(Configuration read, ReadOnlySpan<byte> source)
    {
        if (Length(read) != source.Length) return false;
        var again = new byte[source.Length];
        Write(read, again);
        return source.SequenceEqual(again);
    }

    private static void WriteMember(Member member, ref Span<byte> destination)
    {
        WriteNumber(member.Id.Value, ref destination);
        WriteNumber(member.Incarnation.Value, ref destination);
        WriteNumber(member.AddedAt.Value, ref destination);
        destination[0] = (byte)member.Role;
        destination = destination[1..];
        WriteText(member.Name, ref destination);
        WriteText(member.PeerUrls, ref destination);
        WriteText(member.ClientUrls, ref destination);
    }

    private static bool TryReadMember(ref ReadOnlySpan<byte> source, out Member member)
    {
        member = null!;
        if (source.Length < MemberBytes) return false;
        var id = new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(source));
        var incarnation = new Incarnation(BinaryPrimitives.ReadUInt64LittleEndian(source[8..]));
        var addedAt = new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[16..]));
        var role = (MemberRole)source[24];
        if (role is < MemberRole.Voter or > MemberRole.Leaving) return false;
        source = source[MemberBytes..];
        if (!TryReadText(ref source, out var name) || !TryReadText(ref source, out var peers) || !TryReadText(ref source, out var clients))
            return false;
        member = new Member
        {
            Id = id, Incarnation = incarnation, AddedAt = addedAt, Role = role, Name = name, PeerUrls = peers, ClientUrls = clients,
        };
        return true;
    }

    private static bool TryReadIds(ref ReadOnlySpan<byte> source, int count, out MemberId[] ids)
    {
        ids = [];
        if ((long)count * 8 > source.Length || count < 0) return false;
        ids = new MemberId[count];
        for (var i = 0; i < count; i++) ids[i] = new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(source[(8 * i)..]));
        source = source[(8 * count)..];
        return true;
    }

    private static int TextLength(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    private static void WriteNumber(ulong value, ref Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
        destination = destination[8..];
    }

    private static void WriteText(string text, ref Span<byte> destination)
    {
        var bytes = Encoding.UTF8.GetBytes(text, destination[2..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)bytes);
        destination = destination[(2 + bytes)..];
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> source, out string text)
    {
        text = "";
        if (source.Length < 2) return false;
        int bytes = BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (bytes > source.Length - 2 || bytes > ConfigurationRules.TextBytesMax) return false;
        text = Encoding.UTF8.GetString(source.Slice(2, bytes));
        source = source[(2 + bytes)..];
        return true;
    }
}

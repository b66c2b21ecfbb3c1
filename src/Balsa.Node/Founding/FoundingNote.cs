using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Transport.Codec.Parcels.Founding;

namespace Balsa.Node.Founding;

/// <summary>
/// What a directory remembers of its founding, as lines that people can read. The incarnation is durable before anybody hears of
/// it: a record that names it stays meant for this directory after a crash.
/// </summary>
/// <param name="Record">The cluster this directory belongs to; null while there is none.</param>
/// <param name="Member">Who this directory is in it.</param>
/// <param name="IsFounder">The record is the founding itself; otherwise the cluster ran already, and this member joins it.</param>
public sealed record FoundingNote(Incarnation Incarnation, FoundingRecord? Record, MemberId Member, bool IsFounder)
{
    private const string Title = "balsa founding 1";

    public static FoundingNote Draft(Incarnation incarnation) => new(incarnation, null, default, IsFounder: false);

    public byte[] ToBytes()
    {
        var text = new StringBuilder($"{Title}\n");
        Line("incarnation", Hex(Incarnation.Value));
        if (Record is not null)
        {
            var configuration = new byte[ConfigurationCodec.Length(Record.Configuration)];
            ConfigurationCodec.Write(Record.Configuration, configuration);
            Line("cluster", Hex(Record.Cluster));
            Line("member", Member.Value.ToString(CultureInfo.InvariantCulture));
            Line("founder", IsFounder ? "yes" : "no");
            Line("peers", Hex(Record.PeersDigest));
            Line("token", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Record.Token)));
            Line("configuration", Convert.ToHexStringLower(configuration));
        }

        Line("checksum", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
        return Encoding.UTF8.GetBytes(text.ToString());

        void Line(string name, string value) => text.Append(name).Append(' ').Append(value).Append('\n');
    }

    /// <summary>Null for anything that <see cref="ToBytes"/> would not have written.</summary>
    public static FoundingNote? TryRead(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        try
        {
            var read = lines.Length switch
            {
                4 => Draft(new Incarnation(Number(lines[1], "incarnation"))),
                10 => WithRecord(lines),
                _ => null,
            };
            return read is not null && read.ToBytes().AsSpan().SequenceEqual(bytes) ? read : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static FoundingNote? WithRecord(string[] lines)
    {
        if (!ConfigurationCodec.TryRead(Convert.FromHexString(Value(lines[7], "configuration")), out var configuration)) return null;
        var token = Encoding.UTF8.GetString(Convert.FromHexString(Value(lines[6], "token")));
        var record = new FoundingRecord(token, Number(lines[5], "peers"), Number(lines[2], "cluster"), configuration);
        var member = ulong.Parse(Value(lines[3], "member"), NumberStyles.None, CultureInfo.InvariantCulture);
        return new FoundingNote(
            new Incarnation(Number(lines[1], "incarnation")), record, new MemberId(member), Value(lines[4], "founder") == "yes");
    }

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static ulong Number(string line, string name) =>
        ulong.Parse(Value(line, name), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string Value(string line, string name) =>
        line.StartsWith($"{name} ", StringComparison.Ordinal) ? line[(name.Length + 1)..] : throw new FormatException();
}

using System.Globalization;
using System.Text;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Storage;

/// <summary>Whose data a directory holds: written once when it is made, as text that people can read.</summary>
public sealed record DirectoryIdentity(ulong Cluster, MemberId Member, Incarnation Incarnation)
{
    internal const int BytesMax = 4096;
    private const string Title = "balsa identity 1";

    internal byte[] ToBytes()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Title}\ncluster {Cluster:x16}\nmember {Member.Value}\nincarnation {Incarnation.Value:x16}\n");
        return Encoding.UTF8.GetBytes(text + Checksum(text));
    }

    /// <summary>Null for anything that <see cref="ToBytes"/> would not have written.</summary>
    internal static DirectoryIdentity? TryRead(ReadOnlySpan<byte> bytes, bool checksChecksum = true)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        if (lines.Length == 6 && string.Equals(lines[0], Title, StringComparison.Ordinal)
            && TryHex(lines[1], "cluster ", out var cluster)
            && lines[2].StartsWith("member ", StringComparison.Ordinal)
            && ulong.TryParse(lines[2].AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var member)
            && TryHex(lines[3], "incarnation ", out var incarnation))
        {
            var found = new DirectoryIdentity(cluster, new MemberId(member), new Incarnation(incarnation));
            // Byte for byte what would be written: there is one way to write an identity.
            if (!checksChecksum || found.ToBytes().AsSpan().SequenceEqual(bytes)) return found;
        }

        return null;
    }

    public override string ToString() => $"member {Member.Value} of cluster {Cluster:x} (incarnation {Incarnation})";

    private static string Checksum(string text) =>
        string.Create(CultureInfo.InvariantCulture, $"checksum {Crc32C.Of(Encoding.UTF8.GetBytes(text)):x8}\n");

    private static bool TryHex(string line, string name, out ulong value)
    {
        value = 0;
        return line.StartsWith(name, StringComparison.Ordinal)
            && ulong.TryParse(line.AsSpan(name.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}

using System.Globalization;
using System.Text;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Files;

namespace Balsa.Storage;

/// <summary>Whose data a directory holds: written once when it is made, as text that people can read.</summary>
public sealed record DirectoryIdentity(ulong Cluster, MemberId Member, Incarnation Incarnation)
{
    private const string Title = "balsa identity 1";

    internal void Write(string path)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Title}\ncluster {Cluster:x16}\nmember {Member.Value}\nincarnation {Incarnation.Value:x16}\n");
        var checksum = string.Create(CultureInfo.InvariantCulture, $"checksum {Crc32C.Of(Encoding.UTF8.GetBytes(text)):x8}\n");
        StableMedia.WriteWhole(path, Encoding.UTF8.GetBytes(text + checksum));
    }

    internal static DirectoryIdentity Read(string path)
    {
        var lines = File.ReadAllText(path).Split('\n');
        if (lines.Length == 6 && string.Equals(lines[0], Title, StringComparison.Ordinal)
            && TryHex(lines[1], "cluster ", out var cluster)
            && lines[2].StartsWith("member ", StringComparison.Ordinal)
            && ulong.TryParse(lines[2].AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var member)
            && TryHex(lines[3], "incarnation ", out var incarnation)
            && TryHex(lines[4], "checksum ", out var checksum)
            && checksum == Crc32C.Of(Encoding.UTF8.GetBytes(string.Join('\n', lines[..4]) + '\n')))
            return new DirectoryIdentity(cluster, new MemberId(member), new Incarnation(incarnation));
        throw new StorageException(
            $"{path} is damaged or of a newer version, so nobody can say whose data this is. Restore the file, or replace this member.");
    }

    private static bool TryHex(string line, string name, out ulong value)
    {
        value = 0;
        return line.StartsWith(name, StringComparison.Ordinal)
            && ulong.TryParse(line.AsSpan(name.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}

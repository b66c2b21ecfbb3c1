using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal;

namespace Balsa.Storage.Tests;

/// <summary>A directory of one test, with what the tests put into it. Gone at the end.</summary>
internal sealed class Scratch : IDisposable
{
    public static readonly DirectoryIdentity Owner = new(0xC0FFEE, new MemberId(1), new Incarnation(0xA1));
    public static readonly Configuration Founding = Configuration.Found(
        [new Member { Id = new MemberId(1), Incarnation = new Incarnation(0xA1), Role = MemberRole.Voter, Name = "n1" }]);

    public string Path { get; } = Directory.CreateTempSubdirectory("balsa-storage-").FullName;

    public string LogPath => System.IO.Path.Combine(Path, "wal", "00000001.log");

    public DataDirectory Open() => DataDirectory.Open(Path, Owner, Founding);

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    public static void Append(FileLog log, ulong index, ulong term, string text)
    {
        var bytes = Bytes(text);
        log.Append(new EntryRef(
            new EntryId(new Term(term), new LogIndex(index)), EntryKind.Data, (uint)bytes.Length, Crc32C.Of(bytes), default), bytes);
    }

    public static string[] Texts(FileLog log) =>
        [.. log.Recovered.Entries.Select(entry => System.Text.Encoding.UTF8.GetString(entry.Payload.Span))];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;

namespace Balsa.Node.Tests.Golden;

/// <summary>
/// Directories that earlier builds wrote: this build must come to the same state from them, to the bit. A new format gets a
/// new directory beside the old ones; the old ones are never written again.
/// </summary>
public sealed class GoldenLogTests : IDisposable
{
    private const string Newest = "member-1";
    private static readonly string Kept = Path.Combine(Folder(), "Kept");
    private readonly string _scratch = Directory.CreateTempSubdirectory("balsa-golden-").FullName;

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Kept, "*.tar.gz").Select(file => Path.GetFileName(file)[..^7]).Order()];

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_directory_of_an_earlier_build_leads_to_the_same_state(string name)
    {
        await using (var zipped = new GZipStream(File.OpenRead(Path.Combine(Kept, $"{name}.tar.gz")), CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(zipped, _scratch, overwriteFiles: false);
        var expected = await File.ReadAllLinesAsync(Path.Combine(Kept, $"{name}.txt"));
        await using var member = new GoldenMember(_scratch);
        await member.CatchUpAsync(new LogIndex(ulong.Parse(expected[0])));
        Assert.Equal(expected[1], member.Describe().TrimEnd());
    }

    /// <summary>Run it with <c>-explicit only</c> when a format has changed, under a new name.</summary>
    [Fact(Explicit = true)]
    public async Task A_directory_is_written_for_builds_to_come()
    {
        string described;
        LogIndex last;
        await using (var member = new GoldenMember(_scratch))
        {
            await WriteAsync(member);
            (described, last) = (member.Describe(), await member.LastAsync());
        }

        Directory.CreateDirectory(Kept);
        await using var zipped = new GZipStream(File.Create(Path.Combine(Kept, $"{Newest}.tar.gz")), CompressionLevel.SmallestSize);
        await TarFile.CreateFromDirectoryAsync(_scratch, zipped, includeBaseDirectory: false);
        await File.WriteAllTextAsync(Path.Combine(Kept, $"{Newest}.txt"), $"{last}\n{described}");
    }

    /// <summary>Every kind of command, a snapshot in the middle, and enough behind it that the log changes its file.</summary>
    private static async Task WriteAsync(GoldenMember member)
    {
        var codec = new CommandCodec();
        for (var i = 0; i < 200; i++) await member.WriteAsync(codec.Put(Put($"key/{i % 70:d3}", $"value {i}")));
        await member.WriteAsync(codec.LeaseGrant(new LeaseGrantCommand(7, 60)));
        await member.WriteAsync(codec.Put(Put("leased", "x") with { Lease = 7 }));
        await member.WriteAsync(codec.Delete(new DeleteCommand { Key = "key/01"u8.ToArray(), End = "key/02"u8.ToArray() }));
        await member.WriteAsync(codec.Compact(new CompactCommand(50)));
        var session = Answer.Read(CommandKind.SessionOpen, await member.WriteAsync(codec.SessionOpen(new SessionOpenCommand(3600))));
        await member.SnapshotAsync();
        var envelope = new EntryEnvelope { Session = (ulong)session.Id, Request = 1 };
        for (var twice = 0; twice < 2; twice++) await member.WriteAsync(codec.Put(Put("once", "1"), envelope));
        await member.WriteAsync(codec.Txn(new TxnBuilder()
            .If(new CompareClause { Key = "once"u8.ToArray(), Target = CompareTarget.Version, Number = 1 })
            .Then(Put("once", "2")).Then(new RangeQuery { Key = "key/000"u8.ToArray() }).Else(Put("wrong", ""))));
        await member.WriteAsync(codec.LeaseRevoke(new LeaseRevokeCommand(7)));
        for (var i = 0; i < 40; i++) await member.WriteAsync(codec.Put(Put($"large/{i}", new string((char)('a' + i % 26), 9000))));
    }

    private static PutCommand Put(string key, string value) =>
        new() { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) };

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

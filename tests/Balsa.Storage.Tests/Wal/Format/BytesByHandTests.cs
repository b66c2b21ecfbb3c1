using System.Globalization;
using System.Text;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Storage.Tests.Wal.Format;

/// <summary>The bytes of a log, against bytes that a program made from the document and that shares nothing with this repository.</summary>
public sealed class BytesByHandTests
{
    private const string Head = """
        42 41 4c 53 41 57 41 4c  01 00 00 00 65 32 eb 70
        ee ff c0 00 00 00 00 00  01 00 00 00 00 00 00 00
        a1 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
        00 20 00 00 00 00 00 00  00 02 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 80 06 00 00
        """;

    private const string Base = """
        24 a3 c4 26 65 32 eb 70  47 00 00 00 9c ba 1e a2
        06 00 00 00 00 00 00 00  00 06 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
        01 00 01 00 00 00 01 00  00 00 00 00 00 00 01 00
        00 00 00 00 00 00 01 00  00 00 00 00 00 00 00 00
        00 00 00 00 00 00 01 02  00 6e 31 00 00 00 00 00
        """;

    private const string Boot = """
        22 71 6f 30 24 a3 c4 26  08 00 00 00 ad cf 14 c5
        01 00 00 00 01 00 00 00  80 06 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
        """;

    private const string Vote = """
        47 50 0c 49 22 71 6f 30  10 00 00 00 3e 87 b4 18
        02 00 00 00 01 00 00 00  c0 06 00 00 01 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00  03 00 00 00 00 00 00 00
        01 00 00 00 00 00 00 00
        """;

    private const string Entry = """
        bf d2 f3 2f 47 50 0c 49  0d 00 00 00 a4 4a 49 f4
        03 02 00 00 01 00 00 00  c0 06 00 00 01 00 00 00
        00 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
        03 00 00 00 00 00 00 00  42 61 6c 73 61 20 66 6c
        6f 61 74 73 2e 00 00 00
        """;

    private const string Mark = """
        7c 34 6b 2b 01 00 00 00  50 07 00 00 bf d2 f3 2f
        01 00 00 00 01 00 00 00  00 00 00 00 00 00 00 00
        03 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
        01 00 00 00 00 00 00 00  03 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00
        """;

    private const string Identity =
        "balsa identity 1\ncluster 0000000000c0ffee\nmember 1\nincarnation 00000000000000a1\nchecksum ";

    [Fact]
    public void A_segment_is_what_the_document_says_byte_by_byte()
    {
        var expected = new byte[8 * 1024];
        var at = 0;
        foreach (var (place, text) in new[] { (0, Head), (1024, Mark), (1536, Base + Boot + Vote + Entry) })
        {
            var bytes = Bytes(text);
            bytes.CopyTo(expected, place);
            at = place + bytes.Length;
        }

        Assert.Equal(1872, at);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Make()["/data/wal/0000000000000001.wal"]));
        Assert.StartsWith(Identity, Encoding.UTF8.GetString(Make()["/data/identity"]), StringComparison.Ordinal);
    }

    private static PlainDisk Make()
    {
        var world = new LogWorld { Founding = Configuration.OfVoters(1) }.Open();
        return world.Write(LogWorld.Vote(3, 1), LogWorld.Raw(1, 3, "Balsa floats."u8.ToArray(), EntryKind.Data)).Stop().Disk;
    }

    private static byte[] Bytes(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => Enumerable.Range(0, word.Length / 2)
                .Select(i => byte.Parse(word.AsSpan(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)))];
}

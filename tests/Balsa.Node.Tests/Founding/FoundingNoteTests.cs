using Balsa.Node.Founding;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Transport.Codec.Parcels.Founding;

namespace Balsa.Node.Tests.Founding;

public sealed class FoundingNoteTests
{
    private static readonly FoundingNote Whole = new(
        new Incarnation(0xA1), new FoundingRecord("a token", 0xBB, 0xCC, Configuration.OfVoters(1, 2)), new MemberId(2), IsFounder: true);

    [Fact]
    public void What_was_written_is_read_again()
    {
        foreach (var note in new[] { Whole, FoundingNote.Draft(new Incarnation(5)) })
            Assert.Equal(note.ToBytes(), FoundingNote.TryRead(note.ToBytes())!.ToBytes());
        Assert.Equal("a token", FoundingNote.TryRead(Whole.ToBytes())!.Record!.Token);
    }

    [Fact]
    public void A_note_with_any_other_byte_is_not_read()
    {
        var bytes = Whole.ToBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 1;
            Assert.Null(FoundingNote.TryRead(damaged));
            Assert.Null(FoundingNote.TryRead(bytes.AsSpan(0, i)));
        }
    }

    [Theory]
    [InlineData("n1", "no peer")]
    [InlineData("n1=http://a", "no port")]
    [InlineData("n1=http://a:1,n2=http://a:1", "stands there twice")]
    [InlineData("", "empty")]
    public void A_list_that_cannot_be_is_refused_with_the_reason(string list, string why)
    {
        Assert.Null(FoundingPeers.TryParse(list, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_a_list_does_not_matter()
    {
        var one = FoundingPeers.TryParse("n2=http://b:1,n1=http://a:1", out _)!;
        Assert.Equal(one.Digest, FoundingPeers.TryParse("n1=http://a:1/,n2=http://b:1", out _)!.Digest);
        Assert.Equal("n1", one.All[0].Name);
    }
}

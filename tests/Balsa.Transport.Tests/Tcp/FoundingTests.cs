using System.Net;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

public sealed class FoundingTests
{
    private static readonly FoundingAsk Ask = (FoundingAsk)ParcelSamples.OfKind(ParcelKind.FoundingAsk);
    private static readonly FoundingRecord Record = (FoundingRecord)ParcelSamples.OfKind(ParcelKind.FoundingRecord);
    private static readonly FoundingAnswer Recorded = (FoundingAnswer)ParcelSamples.OfKind(ParcelKind.FoundingAnswer);

    private static PeerNetworkOptions Empty(PeerNetworkOptions options) => options with { Cluster = 0, Self = default };

    [Fact]
    public async Task Empty_members_ask_each_other_and_bring_the_record()
    {
        var agrees = Recorded with { Standing = FoundingStanding.Agrees, Cluster = 0 };
        await using var a = new TestNode(0, Empty);
        await using var b = new TestNode(0, Empty) { Answer = (asked, _) => new(asked is FoundingRecord ? Recorded : agrees) };
        Assert.Equal(new FoundingReply(agrees, ""), await AskAsync(a, Ask, b.Network.Address));
        Assert.Equal(new FoundingReply(Recorded, ""), await AskAsync(a, Record, b.Network.Address));
    }

    [Fact]
    public async Task A_member_of_a_cluster_answers_an_empty_one_too()
    {
        var founded = Recorded with { Standing = FoundingStanding.Founded };
        await using var a = new TestNode(0, Empty);
        await using var b = new TestNode(2) { Answer = (_, _) => new(founded) };
        var dead = new IPEndPoint(IPAddress.Loopback, 1);
        Assert.Equal(new FoundingReply(founded, ""), await AskAsync(a, Ask, dead, b.Network.Address));
        Assert.Equal(0, b.Network.Connections);
    }

    [Fact]
    public async Task Why_there_is_no_answer_is_said()
    {
        await using var a = new TestNode(0, options => Empty(options) with { FoundingTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal("nobody answers there", (await AskAsync(a, Ask, new IPEndPoint(IPAddress.Loopback, 1))).Problem);
        await using var mute = new TestNode(0, Empty);
        Assert.Equal("it hung up without an answer", (await AskAsync(a, Ask, mute.Network.Address)).Problem);
        await using var slow = new TestNode(0, Empty)
        {
            Answer = async (_, stop) =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return null;
            },
        };
        Assert.Equal("it did not answer in time", (await AskAsync(a, Ask, slow.Network.Address)).Problem);
    }

    [Theory]
    [InlineData("FoundingAnswer")]
    [InlineData("Forward")]
    [InlineData("Message")]
    [InlineData("Ping")]
    public async Task Nothing_but_questions_about_founding_is_heard_on_a_founding_call(string what)
    {
        await using var b = new TestNode(2) { Answer = (_, _) => new(Recorded) };
        using var caller = await b.ConnectAsync();
        await caller.SendAsync((byte[])[.. HelloCodec.Preamble, .. HelloCodec.Write(PeerHello.OfFounding(default, 1))]);
        Assert.Equal(FrameHeader.Bytes + 16, await caller.ReceiveAsync(new byte[100]));
        await caller.SendAsync(GoldenFrameTests.InGroup(what, default));
        await TestNode.WaitForEndAsync(caller);
        Assert.Equal(1, b.Counters.Refused(FrameError.OutOfPlace));
        Assert.Equal(0, b.Counters.Received);
    }

    private static Task<FoundingReply> AskAsync(TestNode node, Parcel asked, params EndPoint[] addresses) =>
        node.Network.AskAsync(addresses, 1, asked, default).WaitAsync(TestNode.Long);
}

using System.Net;
using Balsa.Transport.Tcp;

namespace Balsa.Transport.Tests.Tcp;

public sealed class PeerUrlsTests
{
    [Fact]
    public void Addresses_are_read_as_people_write_them()
    {
        Assert.True(PeerUrls.TryParse("http://10.0.0.1:2380, https://node-1.example:2381/,[::1]:2382,b:1", out var addresses, out _));
        Assert.Equal(
            [
                new IPEndPoint(IPAddress.Parse("10.0.0.1"), 2380), new DnsEndPoint("node-1.example", 2381),
                new IPEndPoint(IPAddress.IPv6Loopback, 2382), new DnsEndPoint("b", 1),
            ],
            addresses);
    }

    [Theory]
    [InlineData("", "it has no port")]
    [InlineData("a:1,", "it has no port")]
    [InlineData("node-1", "it has no port")]
    [InlineData("[::1]", "it has no port")]
    [InlineData("::1:2380", "an IPv6 address must stand in brackets")]
    [InlineData("a:0", "\"0\" is no port from 1 to 65535")]
    [InlineData("a:65536", "\"65536\" is no port from 1 to 65535")]
    [InlineData("a:-1", "\"-1\" is no port from 1 to 65535")]
    [InlineData("a:1/path", "\"1/path\" is no port from 1 to 65535")]
    [InlineData("ftp://a:1", "members do not speak \"ftp\"")]
    [InlineData("[10.0.0.1]:1", "\"[10.0.0.1]\" is neither an address nor a host name")]
    [InlineData("a b:1", "\"a b\" is neither an address nor a host name")]
    [InlineData(":1", "\"\" is neither an address nor a host name")]
    public void What_is_no_address_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(PeerUrls.TryParse(text, out var addresses, out var problem));
        Assert.Empty(addresses);
        Assert.Contains($"is not an address of a member: {reason}. Write it like", problem, StringComparison.Ordinal);
    }
}

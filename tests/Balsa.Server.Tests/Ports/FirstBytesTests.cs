using System.Text;
using Balsa.Server.Ports;

namespace Balsa.Server.Tests.Ports;

public sealed class FirstBytesTests
{
    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", PortProtocol.Http2)]
    [InlineData("GET / HTTP/1.1\r\n", PortProtocol.Http1)]
    [InlineData("PUT /config HTTP/1.1\r\n", PortProtocol.Http1)]
    [InlineData("POST /v3/kv/range HTTP/1.1\r\n", PortProtocol.Http1)]
    [InlineData("OPTIONS * HTTP/1.1\r\n", PortProtocol.Http1)]
    [InlineData("PATCH / HTTP/1.1\r\n", PortProtocol.Http1)]
    [InlineData("\u0010\0\0\0{\"op\":\"status\"}", PortProtocol.Frames)]
    [InlineData("GET {frame whose length looks like a method", PortProtocol.Frames)]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001", PortProtocol.Tls)]
    [InlineData("get / HTTP/1.1\r\n", PortProtocol.Nothing)]
    [InlineData("SSH-2.0-OpenSSH_9\r\n", PortProtocol.Nothing)]
    [InlineData("\0\0\0\0\0\0\0\0", PortProtocol.Nothing)]
    [InlineData("G / HTTP", PortProtocol.Nothing)]
    [InlineData("PRI ", PortProtocol.Undecided)]
    [InlineData("", PortProtocol.Undecided)]
    public void A_protocol_is_known_by_its_first_bytes(string bytes, object protocol) =>
        Assert.Equal((PortProtocol)protocol, FirstBytes.Judge(Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public void No_length_of_a_frame_is_taken_for_another_protocol()
    {
        var frame = new byte[] { 0, 0, 0, 0, (byte)'{' };
        for (var length = 0; length < 1 << 24; length += 251)
        {
            BitConverter.TryWriteBytes(frame, length);
            Assert.Equal(PortProtocol.Frames, FirstBytes.Judge(frame));
        }
    }
}

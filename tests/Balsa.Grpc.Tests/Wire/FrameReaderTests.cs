using System.Buffers;
using System.IO.Pipelines;
using Balsa.Grpc.Wire;
using Google.Protobuf.WellKnownTypes;

namespace Balsa.Grpc.Tests.Wire;

public sealed class FrameReaderTests
{
    private const int BytesMax = 1000;

    [Fact]
    public async Task Messages_come_out_whole_however_their_bytes_arrive()
    {
        var bytes = Concat(Frame("one"), Frame(""), Frame(new string('x', 300)));
        foreach (var piece in (int[])[1, 2, 7, bytes.Length])
        {
            var pipe = new Pipe();
            var reader = new FrameReader<StringValue>(pipe.Reader, StringValue.Parser, BytesMax);
            var feeding = FeedAsync(pipe.Writer, bytes, piece);
            Assert.Equal("one", (await reader.ReadAsync(default))!.Value);
            Assert.Equal("", (await reader.ReadAsync(default))!.Value);
            Assert.Equal(300, (await reader.ReadAsync(default))!.Value.Length);
            Assert.Null(await reader.ReadAsync(default));
            Assert.Equal(bytes.Length, reader.Bytes);
            await feeding;
        }
    }

    [Fact]
    public async Task A_frame_that_is_cut_anywhere_is_no_message()
    {
        var whole = Frame("some text");
        for (var length = 1; length < whole.Length; length++)
        {
            var refused = await RefusedAsync(whole[..length]);
            Assert.Equal((StatusCode.Internal, "unexpected EOF"), (refused.Code, refused.Message));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0xff, 0xff, 0xff, 0xff }, StatusCode.ResourceExhausted, "larger than max (4294967295 vs. 1000)")]
    [InlineData(new byte[] { 0, 0, 0, 3, 0xe9 }, StatusCode.ResourceExhausted, "larger than max (1001 vs. 1000)")]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 0 }, StatusCode.Internal, "compressed flag set with identity")]
    [InlineData(new byte[] { 2, 0, 0, 0, 1, 0 }, StatusCode.Internal, "unexpected payload format 2")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 0x0a, 0x7f }, StatusCode.Internal, "error unmarshalling")]
    public async Task What_is_no_message_is_refused_with_its_reason(byte[] bytes, StatusCode code, string reason)
    {
        var refused = await RefusedAsync(bytes);
        Assert.Equal(code, refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_largest_message_that_is_allowed_is_read()
    {
        // Tag and length of the text take three bytes.
        var reader = new FrameReader<StringValue>(PipeOf(Frame(new string('x', BytesMax - 3))), StringValue.Parser, BytesMax);
        Assert.Equal(BytesMax - 3, (await reader.ReadAsync(default))!.Value.Length);
    }

    [Fact]
    public async Task Random_bytes_are_refused_or_read_and_nothing_else_happens()
    {
        var random = new Random(4711);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(0, 40)];
            random.NextBytes(bytes);
            if (bytes.Length > 4 && round % 2 == 0) (bytes[0], bytes[1], bytes[2], bytes[3]) = (0, 0, 0, 0);
            var reader = new FrameReader<StringValue>(PipeOf(bytes), StringValue.Parser, BytesMax);
            try
            {
                while (await reader.ReadAsync(default) is not null)
                {
                    // Whatever they say.
                }
            }
            catch (GrpcException refused)
            {
                Assert.True(refused.Code is StatusCode.Internal or StatusCode.ResourceExhausted);
            }
        }
    }

    private static async Task<GrpcException> RefusedAsync(byte[] bytes)
    {
        var reader = new FrameReader<StringValue>(PipeOf(bytes), StringValue.Parser, BytesMax);
        return await Assert.ThrowsAsync<GrpcException>(async () => await reader.ReadAsync(default));
    }

    private static PipeReader PipeOf(byte[] bytes) => PipeReader.Create(new ReadOnlySequence<byte>(bytes));

    private static byte[] Frame(string text)
    {
        var into = new ArrayBufferWriter<byte>();
        Frames.Write(into, new StringValue { Value = text });
        return into.WrittenSpan.ToArray();
    }

    private static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static async Task FeedAsync(PipeWriter writer, byte[] bytes, int piece)
    {
        foreach (var part in bytes.Chunk(piece)) await writer.WriteAsync(part);
        await writer.CompleteAsync();
    }
}

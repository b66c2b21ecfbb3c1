using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Balsa.Bench.Cluster;

/// <summary>
/// The bytes of requests, made without any library: the head of a call is the same each time, and of its body only key and value
/// change. So the generator spends next to nothing on a request.
/// </summary>
internal sealed class RequestBytes
{
    private const int FrameHeadBytes = 9, GrpcHeadBytes = 5;
    private const byte Data = 0, Headers = 1, EndStream = 1, EndHeaders = 4;
    private readonly byte[] _frame;
    private readonly int _keyAt, _dataStreamAt, _valueAt;
    private readonly LoadPlan _plan;

    internal RequestBytes(LoadPlan plan, IPEndPoint endpoint)
    {
        _plan = plan;
        var head = Head(plan.Kind == LoadKind.Put ? "/etcdserverpb.KV/Put" : "/etcdserverpb.KV/Range", endpoint);
        var body = Body(plan, out var keyAt, out var valueAt);
        var frame = new List<byte>();
        AddFrameHead(frame, head.Length, Headers, EndHeaders);
        frame.AddRange(head);
        _dataStreamAt = frame.Count + 5;
        AddFrameHead(frame, GrpcHeadBytes + body.Length, Data, EndStream);
        frame.Add(0);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        frame.AddRange(length);
        (_keyAt, _valueAt) = (frame.Count + keyAt, frame.Count + valueAt);
        frame.AddRange(body);
        _frame = [.. frame];
    }

    internal int Length => _frame.Length;

    /// <summary>What counts against the window of the connection.</summary>
    internal int DataBytes => _frame.Length - _dataStreamAt + 5 - FrameHeadBytes;

    internal void Write(Span<byte> into, uint stream, Random random)
    {
        _frame.CopyTo(into);
        BinaryPrimitives.WriteUInt32BigEndian(into[5..], stream);
        BinaryPrimitives.WriteUInt32BigEndian(into[_dataStreamAt..], stream);
        WriteKey(into.Slice(_keyAt, _plan.KeyBytes), random.Next(_plan.Keys));
        // Some bytes of the value change, so that no two writes are the same.
        if (_plan.Kind == LoadKind.Put && _plan.ValueBytes >= 8)
            BinaryPrimitives.WriteInt64LittleEndian(into[_valueAt..], random.NextInt64());
    }

    private static void WriteKey(Span<byte> key, int number)
    {
        key.Fill((byte)'k');
        for (var i = key.Length - 1; i >= 0 && number > 0; i--, number /= 10) key[i] = (byte)('0' + number % 10);
    }

    private static byte[] Body(LoadPlan plan, out int keyAt, out int valueAt)
    {
        var body = new List<byte> { 0x0a };
        AddVarint(body, plan.KeyBytes);
        keyAt = body.Count;
        body.AddRange(new byte[plan.KeyBytes]);
        valueAt = 0;
        if (plan.Kind == LoadKind.Put)
        {
            body.Add(0x12);
            AddVarint(body, plan.ValueBytes);
            valueAt = body.Count;
            body.AddRange(Enumerable.Repeat((byte)'v', plan.ValueBytes));
        }
        else if (plan.Kind == LoadKind.LocalGet)
        {
            body.AddRange([0x38, 1]);
        }

        return [.. body];
    }

    /// <summary>HPACK without the table that changes: names and values as they are.</summary>
    private static byte[] Head(string path, IPEndPoint endpoint)
    {
        // POST and http are entries of the static table; so are the names of the path, the authority and the content type.
        var head = new List<byte> { 0x83, 0x86, 0x04 };
        AddText(head, path);
        head.Add(0x01);
        AddText(head, endpoint.ToString());
        head.AddRange([0x0f, 0x10]);
        AddText(head, "application/grpc");
        head.Add(0x00);
        AddText(head, "te");
        AddText(head, "trailers");
        return [.. head];
    }

    private static void AddText(List<byte> head, string text)
    {
        head.Add(checked((byte)(text.Length & 0x7f)));
        head.AddRange(Encoding.ASCII.GetBytes(text));
    }

    private static void AddVarint(List<byte> body, int value)
    {
        for (; value >= 0x80; value >>= 7) body.Add((byte)(value | 0x80));
        body.Add((byte)value);
    }

    private static void AddFrameHead(List<byte> frame, int length, byte type, byte flags) =>
        frame.AddRange([(byte)(length >> 16), (byte)(length >> 8), (byte)length, type, flags, 0, 0, 0, 0]);
}

using Balsa.Grpc;
using Balsa.Grpc.Client;
using Balsa.Protocol.Etcd;
using Google.Protobuf;

namespace Balsa.Etcd.Tests.Api;

/// <summary>Sends a request to whoever is at the other end, and gives its answer or refusal as text that can be compared.</summary>
internal static class Calls
{
    private static readonly GrpcMethod<RangeRequest, RangeResponse> Range = new("etcdserverpb.KV", "Range");
    private static readonly GrpcMethod<PutRequest, PutResponse> Put = new("etcdserverpb.KV", "Put");
    private static readonly GrpcMethod<DeleteRangeRequest, DeleteRangeResponse> Delete = new("etcdserverpb.KV", "DeleteRange");
    private static readonly GrpcMethod<TxnRequest, TxnResponse> Txn = new("etcdserverpb.KV", "Txn");
    private static readonly GrpcMethod<CompactionRequest, CompactionResponse> Compact = new("etcdserverpb.KV", "Compact");

    internal static async Task<string> AskAsync(GrpcChannel channel, IMessage request)
    {
        try
        {
            return request switch
            {
                RangeRequest range => Text(await channel.CallAsync(Range, range, InTime), answer => answer.Header),
                PutRequest put => Text(await channel.CallAsync(Put, put, InTime), answer => answer.Header),
                DeleteRangeRequest delete => Text(await channel.CallAsync(Delete, delete, InTime), answer => answer.Header),
                TxnRequest txn => Text(await channel.CallAsync(Txn, txn, InTime), answer => answer.Header),
                CompactionRequest compact => Text(await channel.CallAsync(Compact, compact, InTime), answer => answer.Header),
                _ => throw new ArgumentException($"There is no method for a {request.Descriptor.Name}.", nameof(request)),
            };
        }
        catch (GrpcException refused)
        {
            return $"{refused.Code}: {refused.Message}";
        }
    }

    private static CallOptions InTime { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Who answers differs, and that there is somebody does not. Headers inside stay as they came.</summary>
    private static string Text<T>(T answer, Func<T, ResponseHeader> headerOf) where T : IMessage
    {
        var header = headerOf(answer);
        Assert.True(header.ClusterId != 0 && header.MemberId != 0 && header.RaftTerm != 0);
        (header.ClusterId, header.MemberId, header.RaftTerm) = (0, 0, 0);
        return JsonFormatter.Default.Format(answer);
    }
}

using Balsa.Grpc;
using Balsa.Protocol.Etcd;
using Balsa.Server.Etcd;
using Google.Protobuf;
using Target = Balsa.Protocol.Etcd.Compare.Types.CompareTarget;

namespace Balsa.Server.Tests.Etcd;

/// <summary>etcd's KV service on a real node: answers, headers, refusals. Each test has keys of its own.</summary>
public sealed class KeyApiTests(OneNode node) : IClassFixture<OneNode>
{
    [Fact]
    public async Task What_was_put_is_found_with_its_revisions_and_the_header_says_who_answered()
    {
        var first = await PutAsync("a", "1");
        var second = await PutAsync("a", "2");
        Assert.Equal(node.Cluster, second.Header.ClusterId);
        Assert.Equal((1UL, 1UL), (second.Header.MemberId, second.Header.RaftTerm));
        Assert.Equal(first.Header.Revision + 1, second.Header.Revision);

        foreach (var serializable in (bool[])[false, true])
        {
            var found = await RangeAsync(new RangeRequest { Key = Bytes("a"), Serializable = serializable });
            var key = Assert.Single(found.Kvs);
            Assert.Equal(("a", "2"), (key.Key.ToStringUtf8(), key.Value.ToStringUtf8()));
            Assert.Equal((first.Header.Revision, second.Header.Revision, 2L), (key.CreateRevision, key.ModRevision, key.Version));
            Assert.True(found.Header.Revision >= second.Header.Revision);
            Assert.Equal((1L, false), (found.Count, found.More));
        }

        var old = await RangeAsync(new RangeRequest { Key = Bytes("a"), Revision = first.Header.Revision });
        Assert.Equal("1", Assert.Single(old.Kvs).Value.ToStringUtf8());
        Assert.True(old.Header.Revision > first.Header.Revision);
    }

    [Fact]
    public async Task A_range_is_limited_sorted_counted_and_filtered()
    {
        foreach (var key in (string[])["r/1", "r/2", "r/3"]) await PutAsync(key, $"v{key[^1]}");
        var last = await PutAsync("r/0", "v9");
        RangeRequest All() => new() { Key = Bytes("r/"), RangeEnd = Bytes("r0") };
        async Task<string> KeysAsync(Action<RangeRequest> change)
        {
            var request = All();
            change(request);
            var answer = await RangeAsync(request);
            return string.Join(' ', answer.Kvs.Select(kv => kv.Key.ToStringUtf8())) + $" of {answer.Count}{(answer.More ? "+" : "")}";
        }

        Assert.Equal("r/0 r/1 r/2 r/3 of 4", await KeysAsync(_ => { }));
        Assert.Equal("r/0 r/1 of 4+", await KeysAsync(request => request.Limit = 2));
        Assert.Equal(" of 4", await KeysAsync(request => request.CountOnly = true));
        Assert.Equal("r/0 of 4", await KeysAsync(request => request.MinModRevision = last.Header.Revision));
        Assert.Equal("r/3 r/2 r/1 r/0 of 4", await KeysAsync(request => request.SortOrder = RangeRequest.Types.SortOrder.Descend));
        Assert.Equal("r/0 r/3 of 4+", await KeysAsync(request =>
        {
            (request.SortOrder, request.SortTarget) = (RangeRequest.Types.SortOrder.Descend, RangeRequest.Types.SortTarget.Value);
            request.Limit = 2;
        }));
        var keysOnly = All();
        keysOnly.KeysOnly = true;
        Assert.All((await RangeAsync(keysOnly)).Kvs, kv => Assert.True(kv.Value.IsEmpty));
        var unsorted = All();
        unsorted.SortTarget = (RangeRequest.Types.SortTarget)256;
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: invalid sort option"), await node.RefusedAsync(EtcdMethods.Range, unsorted));
    }

    [Fact]
    public async Task Puts_and_deletes_tell_what_was_there_before()
    {
        Assert.Null((await PutAsync("p/a", "1", put => put.PrevKv = true)).PrevKv);
        Assert.Null((await PutAsync("p/a", "2")).PrevKv);
        Assert.Equal("2", (await PutAsync("p/a", "3", put => put.PrevKv = true)).PrevKv.Value.ToStringUtf8());
        await PutAsync("p/b", "4");
        var deleted = await node.AskAsync(
            EtcdMethods.DeleteRange, new DeleteRangeRequest { Key = Bytes("p/"), RangeEnd = Bytes("p0"), PrevKv = true });
        Assert.Equal((2L, "3 4"), (deleted.Deleted, string.Join(' ', deleted.PrevKvs.Select(kv => kv.Value.ToStringUtf8()))));
        var nothing = await node.AskAsync(EtcdMethods.DeleteRange, new DeleteRangeRequest { Key = Bytes("p/"), RangeEnd = Bytes("p0") });
        Assert.Equal((0L, deleted.Header.Revision), (nothing.Deleted, nothing.Header.Revision));
    }

    [Fact]
    public async Task Wrong_requests_are_refused_in_the_words_of_etcd()
    {
        var put = EtcdMethods.Put;
        var noKey = (StatusCode.InvalidArgument, "etcdserver: key is not provided");
        Assert.Equal(noKey, await node.RefusedAsync(put, new PutRequest()));
        Assert.Equal(noKey, await node.RefusedAsync(EtcdMethods.Range, new RangeRequest()));
        Assert.Equal(noKey, await node.RefusedAsync(EtcdMethods.DeleteRange, new DeleteRangeRequest()));
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: value is provided"),
            await node.RefusedAsync(put, new PutRequest { Key = Bytes("w"), Value = Bytes("x"), IgnoreValue = true }));
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: lease is provided"),
            await node.RefusedAsync(put, new PutRequest { Key = Bytes("w"), Lease = 1, IgnoreLease = true }));
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: key not found"),
            await node.RefusedAsync(put, new PutRequest { Key = Bytes("w"), IgnoreValue = true }));
        Assert.Equal(
            (StatusCode.NotFound, "etcdserver: requested lease not found"),
            await node.RefusedAsync(put, new PutRequest { Key = Bytes("w"), Lease = 77 }));
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: request is too large"),
            await node.RefusedAsync(put, new PutRequest { Key = Bytes("w"), Value = ByteString.CopyFrom(new byte[1_700_000]) }));
        var tooLong = await node.RefusedAsync(put, new PutRequest { Key = Bytes("w"), Value = ByteString.CopyFrom(new byte[2_200_000]) });
        Assert.Equal((StatusCode.ResourceExhausted, "grpc: received message larger than max (2200008 vs. 2097152)"), tooLong);
    }

    [Fact]
    public async Task A_request_that_is_refused_whatever_the_state_stays_out_of_the_log()
    {
        var before = await node.AskAsync(EtcdMethods.Status, new StatusRequest());
        await node.RefusedAsync(EtcdMethods.Put, new PutRequest());
        await node.RefusedAsync(EtcdMethods.Txn, new TxnRequest { Success = { PutOf("d", "1"), PutOf("d", "2") } });
        Assert.Equal(before.RaftIndex, (await node.AskAsync(EtcdMethods.Status, new StatusRequest())).RaftIndex);
    }

    [Fact]
    public async Task A_transaction_takes_one_way_and_answers_each_operation()
    {
        await PutAsync("t", "old");
        var request = new TxnRequest
        {
            Compare = { new Compare { Key = Bytes("t"), Target = Target.Value, Value = Bytes("old") } },
            Success =
            {
                PutOf("t", "new"),
                new RequestOp { RequestRange = new RangeRequest { Key = Bytes("t") } },
                new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = Bytes("t/none") } },
                new RequestOp { RequestTxn = new TxnRequest { Success = { PutOf("t/nested", "x") } } },
            },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = Bytes("t") } } },
        };
        var taken = await node.AskAsync(EtcdMethods.Txn, request);
        Assert.True(taken.Succeeded);
        Assert.Equal("new", taken.Responses[1].ResponseRange.Kvs[0].Value.ToStringUtf8());
        Assert.Equal(0, taken.Responses[2].ResponseDeleteRange.Deleted);
        Assert.Equal(taken.Header.Revision, taken.Responses[0].ResponsePut.Header.Revision);
        Assert.Equal(0UL, taken.Responses[0].ResponsePut.Header.MemberId);
        Assert.Equal(new ResponseHeader(), taken.Responses[3].ResponseTxn.Header);
        Assert.NotNull(taken.Responses[3].ResponseTxn.Responses[0].ResponsePut);

        var other = await node.AskAsync(EtcdMethods.Txn, request);
        Assert.False(other.Succeeded);
        Assert.Equal("new", Assert.Single(other.Responses).ResponseRange.Kvs[0].Value.ToStringUtf8());
        Assert.Equal(taken.Header.Revision, other.Header.Revision);
    }

    [Fact]
    public async Task A_transaction_that_only_reads_stays_out_of_the_log()
    {
        await PutAsync("only", "1");
        var before = (await node.AskAsync(EtcdMethods.Status, new StatusRequest())).RaftIndex;
        foreach (var serializable in (bool[])[false, true])
        {
            var read = await node.AskAsync(EtcdMethods.Txn, new TxnRequest
            {
                Compare = { new Compare { Key = Bytes("only"), Target = Target.Version, Version = 1 } },
                Success = { new RequestOp { RequestRange = new RangeRequest { Key = Bytes("only"), Serializable = serializable } } },
            });
            Assert.True(read.Succeeded);
            Assert.Equal("1", read.Responses[0].ResponseRange.Kvs[0].Value.ToStringUtf8());
        }

        Assert.True((await node.AskAsync(EtcdMethods.Txn, new TxnRequest())).Succeeded);
        Assert.Equal(before, (await node.AskAsync(EtcdMethods.Status, new StatusRequest())).RaftIndex);
    }

    [Fact]
    public async Task Wrong_transactions_are_refused_in_the_words_of_etcd()
    {
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: duplicate key given in txn request"),
            await node.RefusedAsync(EtcdMethods.Txn, new TxnRequest { Success = { PutOf("d", "1"), PutOf("d", "2") } }));
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: key not found"),
            await node.RefusedAsync(EtcdMethods.Txn, new TxnRequest { Success = { new RequestOp() } }));
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: key is not provided"),
            await node.RefusedAsync(EtcdMethods.Txn, new TxnRequest { Compare = { new Compare() } }));
        var many = new TxnRequest();
        for (var i = 0; i < 129; i++) many.Failure.Add(PutOf($"m{i}", ""));
        Assert.Equal(
            (StatusCode.InvalidArgument, "etcdserver: too many operations in txn request"),
            await node.RefusedAsync(EtcdMethods.Txn, many));
        var ahead = new RequestOp { RequestRange = new RangeRequest { Key = Bytes("f"), Revision = 1 << 30 } };
        var future = new TxnRequest { Success = { PutOf("f", ""), ahead } };
        Assert.Equal(
            (StatusCode.OutOfRange, "etcdserver: mvcc: required revision is a future revision"),
            await node.RefusedAsync(EtcdMethods.Txn, future));
        Assert.Empty((await RangeAsync(new RangeRequest { Key = Bytes("f") })).Kvs);
    }

    [Fact]
    public async Task A_compacted_revision_is_gone_and_the_one_itself_is_not()
    {
        var first = (await PutAsync("c", "1")).Header.Revision;
        var second = (await PutAsync("c", "2")).Header.Revision;
        var compacted = await node.AskAsync(EtcdMethods.Compact, new CompactionRequest { Revision = second, Physical = true });
        Assert.True(compacted.Header.Revision >= second);
        var gone = (StatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted");
        var future = (StatusCode.OutOfRange, "etcdserver: mvcc: required revision is a future revision");
        Assert.Equal(gone, await node.RefusedAsync(EtcdMethods.Range, new RangeRequest { Key = Bytes("c"), Revision = first }));
        Assert.Equal(future, await node.RefusedAsync(EtcdMethods.Range, new RangeRequest { Key = Bytes("c"), Revision = 1 << 30 }));
        Assert.Equal(gone, await node.RefusedAsync(EtcdMethods.Compact, new CompactionRequest { Revision = second }));
        Assert.Equal(future, await node.RefusedAsync(EtcdMethods.Compact, new CompactionRequest { Revision = 1 << 30 }));
        Assert.Equal("2", (await RangeAsync(new RangeRequest { Key = Bytes("c"), Revision = second })).Kvs[0].Value.ToStringUtf8());
    }

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    private static RequestOp PutOf(string key, string value) =>
        new() { RequestPut = new PutRequest { Key = Bytes(key), Value = Bytes(value) } };

    private Task<RangeResponse> RangeAsync(RangeRequest request) => node.AskAsync(EtcdMethods.Range, request);

    private Task<PutResponse> PutAsync(string key, string value, Action<PutRequest>? change = null)
    {
        var request = new PutRequest { Key = Bytes(key), Value = Bytes(value) };
        change?.Invoke(request);
        return node.AskAsync(EtcdMethods.Put, request);
    }
}

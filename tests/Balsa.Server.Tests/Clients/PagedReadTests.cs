using System.Text;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Server.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Server.Tests.Clients;

public sealed class PagedReadTests
{
    private readonly KeyValueStore<NoStoreProbe> _store = new(new StoreOptions());
    private ulong _index;

    [Fact]
    public void A_list_longer_than_a_page_is_whole_and_in_order()
    {
        for (var i = 0; i < 500; i++) Put($"a{i:D3}", "value");
        Put("b", "value");
        var all = Read(new ClientRequest { Op = ClientOperation.List, Key = "a"u8.ToArray(), IsPrefix = true });
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"a{i:D3}"), all.Values!.Select(value => Encoding.UTF8.GetString(value.Key)));
        Assert.Equal((500L, false), (all.Count, all.More));
        Assert.All(all.Values!, value => Assert.Equal((null, 5), (value.Value, value.ValueBytes)));

        var some = Read(new ClientRequest { Op = ClientOperation.List, Key = "a"u8.ToArray(), IsPrefix = true, Limit = 130 });
        Assert.Equal((130, 500L, true), (some.Values!.Count, some.Count, some.More));
    }

    [Fact]
    public void Large_values_end_a_list_and_it_says_that_there_is_more()
    {
        for (var i = 0; i < 100; i++) Put($"{i:D3}", new string('x', 1 << 20));
        var request = new ClientRequest { Op = ClientOperation.List, IsPrefix = true, WithValues = true };
        var values = Read(request);
        Assert.Equal((3, 100L, true), (values.Values!.Count, values.Count, values.More));
        var names = Read(request with { WithValues = false });
        Assert.Equal((100, 100L, false), (names.Values!.Count, names.Count, names.More));
    }

    [Fact]
    public void A_value_that_is_larger_than_a_list_may_be_comes_alone()
    {
        Put("a", new string('x', 5 << 20));
        Put("b", "small");
        var values = Read(new ClientRequest { Op = ClientOperation.List, IsPrefix = true, WithValues = true });
        Assert.Equal((1, true), (values.Values!.Count, values.More));
        Assert.Equal(5 << 20, Read(new ClientRequest { Op = ClientOperation.Get, Key = "a"u8.ToArray() }).Values![0].Value!.Length);
        Assert.Empty(Read(new ClientRequest { Op = ClientOperation.Get, Key = "c"u8.ToArray() }).Values!);
    }

    private ClientResponse Read(ClientRequest request) => PagedRead.Run(_store.Publish(ReaderFloor.None), request);

    private void Put(string key, string value)
    {
        var put = new PutCommand { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) };
        EntryEnvelope.TryRead(new CommandCodec().Put(put), out var envelope, out var command);
        _store.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope, command);
    }
}

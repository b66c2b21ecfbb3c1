using Balsa.Etcd.Tests.Server;
using Balsa.Etcd.Tests.Steps;
using Balsa.Etcd.Tests.Stores;
using Balsa.KeyValue.Probes;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>
/// An empty etcd for one question, which begins at revision 1, and our store beside it, which must say the same.
/// </summary>
internal sealed class Bed : IAsyncDisposable
{
    private readonly EtcdProcess _etcd;
    private readonly EtcdGateway _gateway;
    private readonly StoreSide<NoStoreProbe> _store = new();

    private Bed(EtcdProcess etcd)
    {
        _etcd = etcd;
        _gateway = new EtcdGateway(etcd.Client);
    }

    public EtcdGateway Gateway => _gateway;

    /// <summary>The newest revision that was answered.</summary>
    public long Revision { get; private set; } = 1;

    public static async Task<Bed> StartAsync(params Step[] steps)
    {
        EtcdProcess.SkipWhenMissing();
        var bed = new Bed(await EtcdProcess.StartAsync());
        await bed.DoAsync(steps);
        return bed;
    }

    /// <summary>Steps that prepare a question; none is refused.</summary>
    public async Task DoAsync(params Step[] steps)
    {
        foreach (var step in steps)
        {
            var text = await AskAsync(step);
            Assert.DoesNotContain("error", text, StringComparison.Ordinal);
            Assert.Equal(text, OutcomeText.Of(step, _store.Ask(step)));
        }
    }

    public async Task ExpectAsync(Step step, string text)
    {
        Assert.Equal(text, await AskAsync(step));
        Assert.Equal(text, OutcomeText.Of(step, _store.Ask(step)));
    }

    /// <summary>A question that our store answers otherwise, on purpose.</summary>
    public async Task ExpectAsync(Step step, string ofEtcd, string ofOurs)
    {
        Assert.Equal(ofEtcd, await AskAsync(step));
        Assert.Equal(ofOurs, OutcomeText.Of(step, _store.Ask(step)));
    }

    /// <summary>A request that etcd does not survive.</summary>
    public async Task ExpectEndAsync(Step step, string ofOurs)
    {
        // Whether an answer still gets out before the end is chance.
        _ = await Record.ExceptionAsync(() => AskAsync(step));
        await _etcd.EndedAsync();
        Assert.Equal(ofOurs, OutcomeText.Of(step, _store.Ask(step)));
    }

    /// <summary>Keys and values of a range in the very order in which they came.</summary>
    public async Task ExpectOrderAsync(RangeStep range, string keys)
    {
        Assert.Equal(keys, Order(await _gateway.AskAsync(range)));
        Assert.Equal(keys, Order(_store.Ask(range)));
    }

    private static string Order(Outcome outcome) =>
        string.Join(' ', outcome.Answer.Values.Select(value => $"{OutcomeText.Text(value.Key)}={OutcomeText.Text(value.Value)}"));

    private async Task<string> AskAsync(Step step)
    {
        var outcome = await _gateway.AskAsync(step);
        Revision = Math.Max(Revision, outcome.Answer.Revision);
        return OutcomeText.Of(step, outcome);
    }

    public async ValueTask DisposeAsync()
    {
        _gateway.Dispose();
        await _etcd.DisposeAsync();
    }
}

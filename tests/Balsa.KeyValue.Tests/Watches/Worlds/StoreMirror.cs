using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Tests.Store;

namespace Balsa.KeyValue.Tests.Watches.Worlds;

/// <summary>The real store with the same history as the list.</summary>
internal sealed class StoreMirror(TestLog log)
{
    private readonly StoreDriver<NoStoreProbe> _driver = new();
    private int _written;

    /// <summary>The newest revision of the list.</summary>
    public void Write()
    {
        var txn = new TxnBuilder();
        for (; _written < log.All.Count; _written++)
        {
            var one = log.All[_written];
            if (one.IsDelete) txn.Then(new DeleteCommand { Key = one.Key });
            else txn.Then(new PutCommand { Key = one.Key, Value = one.Value });
        }

        Assert.Equal(StoreError.None, _driver.Apply(_driver.Codec.Txn(txn)).Error);
        Assert.Equal(log.Revision, _driver.Store.Revision);
    }

    public void Compact(long revision) => Assert.Equal(StoreError.None, _driver.Compact(revision).Error);

    public StoreView Publish(ReaderFloor floor)
    {
        var view = _driver.Store.Publish(floor);
        Work();
        return view;
    }

    /// <summary>Frees whatever it may.</summary>
    public void Work()
    {
        while (_driver.Store.Work(16))
        {
        }
    }
}

using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;
using Balsa.Simulation.Stores.Comparing;
using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Playing;

namespace Balsa.Simulation.Stores.Watches;

/// <summary>Clients who watch, some of them slow: each sees every event once, or learns that its past is gone.</summary>
internal sealed class WatchCheck<TProbe> : IStoreCheck<TProbe> where TProbe : struct, IStoreProbe
{
    private const int Clients = 3;

    private const int RoundsToFinish = 10_000, FragmentBytes = 200;

    private static readonly WatchHubOptions Options = new()
    {
        HistoricRevisionsMax = 5, HistoricBytesMax = 500, FragmentBytesMax = FragmentBytes, FindsMax = 64, ChainMax = 8,
    };

    private readonly NaiveStore _model;
    private readonly WatchClient[] _clients;
    private WatchHub<TProbe>? _hub;
    private KeptView? _view;

    internal WatchCheck(NaiveStore model, StoreSights sights)
    {
        _model = model;
        _clients = new WatchClient[Clients];
        for (var i = 0; i < Clients; i++) _clients[i] = new WatchClient(sights, () => _view!);
    }

    public ReaderFloor Floor => _hub?.Floor ?? ReaderFloor.None;

    public StoreDifference? After(StoreAction action, KeptView? newest)
    {
        if (newest is null) return null;
        if (!ReferenceEquals(newest, _view)) Advance(newest);
        Do(action);
        foreach (var client in _clients)
            if (client.Complaint is { } complaint) return new StoreDifference(StoreFinding.Watch, complaint);
        return action is FinishWatches ? Finish() : null;
    }

    private void Advance(KeptView newest)
    {
        if (_hub is null)
        {
            _hub = new WatchHub<TProbe>(newest.View, Options);
            foreach (var client in _clients) client.Stream = _hub.Open(client);
        }
        else
        {
            _hub.Advance(newest.View);
        }

        _view = newest;
    }

    private void Do(StoreAction action)
    {
        switch (action)
        {
            case OpenWatch open: Open(open, _clients[open.Client]); break;
            case CancelWatch cancel when _clients[cancel.Client].Ranges.Count > 0:
                var client = _clients[cancel.Client];
                var id = client.Ranges.Keys.ElementAt(cancel.Place % client.Ranges.Count);
                client.Forget(id);
                _hub!.Cancel(client.Stream!, id);
                break;
            case BlockClient block:
                _clients[block.Client].Block(block.IsFull);
                if (!block.IsFull) _hub!.Resume(_clients[block.Client].Stream!);
                break;
            case AskProgress ask: _hub!.RequestProgress(_clients[ask.Client].Stream!); break;
            case WorkWatches work: _hub!.Work(work.Steps); break;
            default: break;
        }
    }

    private void Open(OpenWatch open, WatchClient client)
    {
        var id = _hub!.Create(
            client.Stream!, new WatchRequest { Key = open.Key, End = open.End, Start = open.Start, Options = open.Options });
        if (id >= 0) client.Add(id, new WatchedRange(_model, open, open.Start == 0 ? _view!.Revision + 1 : open.Start));
    }

    private StoreDifference? Finish()
    {
        foreach (var client in _clients)
        {
            client.Block(false);
            _hub!.Resume(client.Stream!);
        }

        var rounds = 0;
        while (_hub!.Work(1000))
            if (rounds++ > RoundsToFinish) return new StoreDifference(StoreFinding.Watch, "the hub never ends");
        foreach (var client in _clients)
        {
            var wrong = client.Complaint ?? client.Miss(_view!.Revision);
            if (wrong is not null) return new StoreDifference(StoreFinding.Watch, wrong);
        }

        return null;
    }
}

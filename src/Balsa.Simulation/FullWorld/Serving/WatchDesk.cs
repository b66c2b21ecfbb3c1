using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;
using Balsa.Node.Stores;
using Balsa.Simulation.FullWorld.Callers;

namespace Balsa.Simulation.FullWorld.Serving;

/// <summary>
/// What the server of a member does about watches: the store's own hub, which gets each published view and delivers all of it
/// before the next one, so that nothing has to be held back for it.
/// </summary>
internal sealed class WatchDesk(ViewGate views, WatchHubOptions options)
{
    private const int StepsAtOnce = 1000, RoundsMax = 10_000;

    private WatchHub<NoStoreProbe>? _hub;
    private StoreView? _view;

    /// <summary>The view that everything was delivered of.</summary>
    internal StoreView View => _view!;

    /// <summary>The store has published; or another store took its place.</summary>
    internal void Follow(bool isAnother = false)
    {
        if (_hub is null) return;
        var newest = views.Current;
        if (isAnother) _hub.Restart(newest);
        else if (!ReferenceEquals(newest, _view)) _hub.Advance(newest);
        _view = newest;
        Deliver();
    }

    internal void Open(Watcher watcher, IWatchSink end)
    {
        _view ??= views.Current;
        _hub ??= new WatchHub<NoStoreProbe>(_view, options);
        Follow();
        var request = watcher.Request;
        watcher.Stream = _hub.Open(end);
        var id = _hub.Create(
            watcher.Stream,
            new WatchRequest { Key = request.Key, End = request.End, Start = watcher.Start, Options = request.Options });
        if (id >= 0) watcher.OnOpened(id, _view.Revision);
        Deliver();
    }

    internal void Close(Watcher watcher) => _hub!.Close(watcher.Stream!);

    internal void Resume(Watcher watcher)
    {
        _hub!.Resume(watcher.Stream!);
        Deliver();
    }

    internal void AskProgress(Watcher watcher)
    {
        _hub!.RequestProgress(watcher.Stream!);
        Deliver();
    }

    private void Deliver()
    {
        for (var round = 0; _hub!.Work(StepsAtOnce); round++)
            if (round == RoundsMax) throw new InvalidOperationException("the hub of watches never ends");
    }
}

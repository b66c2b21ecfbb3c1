using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches.Worlds;

/// <summary>
/// Writers, compactions, clients that come, go, stall and ask, and a hub that gets a few steps at a time, all from one number.
/// </summary>
internal sealed class WatchWorld<TProbe> where TProbe : struct, IStoreProbe
{
    private static readonly string[] Keys = ["a", "b", "c", "d", "e", "f"];
    private static readonly string[] Ends = ["", "", "", "c", "d", "f", "g", "\0"];

    private readonly Random _random;
    private readonly TestLog _log = new();
    private readonly StoreMirror? _mirror;
    private readonly WatchHub<TProbe> _hub;
    private readonly List<(WatchStream Stream, ModelClient Client)> _clients = [];
    private readonly int _slowness;
    private long _now;
    private long _nextId = 1;
    private long _firstNumber;

    public WatchWorld(int seed, TProbe probe, bool onStore = false)
    {
        if (onStore) _mirror = new StoreMirror(_log);
        _random = new Random(seed);
        _slowness = _random.Next(1, 8);
        var options = new WatchHubOptions
        {
            HistoricRevisionsMax = _random.Next(1, 5), HistoricBytesMax = _random.Next(8, 64), FragmentBytesMax = _random.Next(100, 500),
            FindsMax = _random.Next(2, 30), ChainMax = _random.Next(1, 8), ProgressIntervalTicks = 20, Seed = (ulong)seed,
        };
        _hub = new WatchHub<TProbe>(Publish(ReaderFloor.None), options, probe);

        // From now on somebody reads.
        _hub.Advance(Publish(_hub.Floor));
    }

    public long Taken { get; private set; }

    public int Compactions { get; private set; }

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++) Act(_random.Next(100));
        Finish();
    }

    private void Act(int dice)
    {
        switch (dice)
        {
            case < 22: Write(); break;
            case < 38: _hub.Advance(Publish(_hub.Floor)); break;
            case < 40: Compact(_random.NextInt64(Math.Max(1, _log.Revision - 12), _log.Revision + 1)); break;
            case < 65: _hub.Work(_random.Next(1, 12)); _mirror?.Work(); break;
            case < 73: Create(); break;
            case < 76: Cancel(); break;
            case < 78: _hub.AdvanceTime(_now += _random.Next(0, 15)); break;
            case < 80: Ask(); break;
            case < 81: Open(); break;
            case < 82 when _random.Next(8) == 0: Close(); break;
            case < 83 when _random.Next(4) == 0: Restart(); break;
            default: GiveRoom(); break;
        }
    }

    private void Write()
    {
        var keys = Keys.OrderBy(_ => _random.Next()).Take(_random.Next(1, 4));
        var changes = keys.Select(key => _log.Has(key) && _random.Next(3) == 0 ? "-" + key : key).ToList();

        // One command may change a key twice.
        if (_mirror is null && _random.Next(4) == 0) changes.Add(changes[0][0] == '-' ? changes[0][1..] : "-" + changes[0]);
        _log.Write([.. changes]);
        _mirror?.Write();
    }

    private void Compact(long revision)
    {
        if (revision <= _log.Compacted) return;
        _log.Compact(revision);
        _mirror?.Compact(revision);
    }

    private IEventSource Publish(ReaderFloor floor)
    {
        var view = _log.Publish(floor, _firstNumber);
        return _mirror is null ? view : new StoreEvents(_mirror.Publish(floor));
    }

    private void Restart()
    {
        _firstNumber = _random.Next(1000);
        _hub.Restart(Publish(_hub.Floor));
    }

    private void Open()
    {
        var client = new ModelClient();
        _clients.Add((_hub.Open(client), client));
    }

    private void Close()
    {
        if (_clients.Count == 0) return;
        var (stream, client) = _clients[_random.Next(_clients.Count)];
        _hub.Close(stream);
        client.IsClosed = true;
        Taken += client.Taken;
        Compactions += client.Compactions;
        _clients.Remove((stream, client));
    }

    private void Create()
    {
        if (_clients.Count == 0) Open();
        var (stream, client) = _clients[_random.Next(_clients.Count)];
        var key = Keys[_random.Next(Keys.Length)];
        var end = Ends[_random.Next(Ends.Length)];
        var start = _random.Next(3) == 0 ? 0 : _random.NextInt64(Math.Max(-1, _log.Revision - 20), _log.Revision + 4);
        var options = (WatchOptions)(_random.Next(4) == 0 ? _random.Next(32) : _random.Next(8) << 2);
        var isEmpty = end is not ("" or "\0") && string.CompareOrdinal(end, key) <= 0;
        var id = isEmpty ? -1 : _nextId++;
        var published = _hub.Published;
        var model = new ModelWatcher(_log, id, key, end, start == 0 ? published + 1 : start, isFromNow: start == 0, options);
        client.Expect(id, isEmpty ? null : model);
        var request = new WatchRequest
        {
            Key = WatchText.Bytes(key), End = WatchText.Bytes(end), Start = start, WatchId = id, Options = options,
        };
        Assert.Equal(id, _hub.Create(stream, request));
    }

    private void Cancel()
    {
        if (_clients.Count == 0) return;
        var (stream, client) = _clients[_random.Next(_clients.Count)];
        var watcher = client.Watchers.OrderBy(_ => _random.Next()).FirstOrDefault(one => !one.IsOver);
        if (watcher is null || !stream.TryFind(watcher.Id, out _)) return;
        client.Cancel(watcher.Id);
        _hub.Cancel(stream, watcher.Id);
    }

    private void Ask()
    {
        if (_clients.Count > 0) _hub.RequestProgress(_clients[_random.Next(_clients.Count)].Stream);
    }

    private void GiveRoom()
    {
        if (_clients.Count == 0) return;
        var (stream, client) = _clients[_random.Next(_clients.Count)];
        var wasHungry = client.IsHungry;
        client.OnRoom(_random.Next(0, _slowness * 3));
        if (wasHungry) _hub.Resume(stream);
    }

    /// <summary>Everybody has room, and nothing new comes: in the end each has all it asked for.</summary>
    private void Finish()
    {
        _hub.Advance(Publish(_hub.Floor));
        foreach (var (stream, client) in _clients)
        {
            client.OnRoom(int.MaxValue);
            _hub.Resume(stream);
        }

        var turns = 0;
        while (_hub.Work(5))
        {
            if (++turns > 1_000_000) throw new WatchViolationException("the hub never comes to rest");
        }

        foreach (var (_, client) in _clients)
        {
            client.CheckComplete();
            Taken += client.Taken;
            Compactions += client.Compactions;
        }
    }
}

using Balsa.KeyValue.Watches;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Watches;

namespace Balsa.Simulation.FullWorld.Callers;

/// <summary>Those who watch: some are slow, some change their minds, and all outlive the members that serve them.</summary>
internal sealed class WatcherCrowd
{
    private const long Period = 400 * TimeSpan.TicksPerMillisecond;

    private readonly FullRun _world;
    private readonly Dice _dice;
    private readonly Watcher[] _watchers;

    internal WatcherCrowd(FullRun world, Dice dice)
    {
        (_world, _dice) = (world, dice);
        _watchers = new Watcher[dice.Between(2, 4)];
        for (var i = 0; i < _watchers.Length; i++) _watchers[i] = new Watcher(world, i + 1);
    }

    internal void Start()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Want(Invent());
            Later(watcher);
        }
    }

    internal void CheckComplete()
    {
        foreach (var watcher in _watchers) watcher.CheckComplete();
    }

    private void Later(Watcher watcher) => _world.Queue.Add(
        _world.Now + Period / 2 + _dice.Below(Period), EventKind.Mishap, 0, 0, 0, 0, (Action)(() => OnTurn(watcher)));

    private void OnTurn(Watcher watcher)
    {
        Later(watcher);
        if (!watcher.IsOpen)
        {
            if (AnyNode() is { } node) watcher.Go(node);
            return;
        }

        if (_world.IsCalm) return;
        switch (_dice.Below(20))
        {
            case < 3: watcher.Block(true); break;
            case < 8: watcher.Block(false); break;
            case < 10: watcher.AskProgress(); break;
            case < 12: watcher.Leave(); break;
            case 12:
                watcher.Leave();
                watcher.Want(Invent());
                break;
            default: break;
        }
    }

    private FullNode? AnyNode()
    {
        var node = _world.Nodes[_dice.Below(_world.Nodes.Count)];
        return node is { IsServing: true, Machine.Aside: null } && node.PausedUntil <= _world.Now ? node : null;
    }

    private OpenWatch Invent()
    {
        byte[] key = [(byte)'k', (byte)_dice.Below(_world.Options.Keys)], end = [];
        if (_dice.Chance(600)) end = _dice.Chance(500) ? [0] : [(byte)'k', (byte)_dice.Below(_world.Options.Keys)];
        if (end.Length > 1 && ByteOrder.Instance.Compare(end, key) <= 0) end = [];
        var start = _dice.Chance(600) ? 0 : Math.Max(1, _world.Judges.Model.Revision - _dice.Between(-5, 60));
        var options = WatchOptions.None;
        if (_dice.Chance(150)) options |= WatchOptions.NoPut;
        if (_dice.Chance(150)) options |= WatchOptions.NoDelete;
        if (_dice.Chance(400)) options |= WatchOptions.Previous;
        if (_dice.Chance(300)) options |= WatchOptions.Fragment;
        return new OpenWatch(0, key, end, start, options);
    }
}

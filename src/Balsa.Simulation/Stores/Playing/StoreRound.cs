using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Scripts;
using Balsa.Simulation.Stores.Watches;

namespace Balsa.Simulation.Stores.Playing;

/// <summary>Draws the steps of one round, one after the other, knowing what the model is in.</summary>
internal sealed class StoreRound
{
    private readonly Dice _dice;
    private readonly IStorePlayer _player;
    private readonly RequestScript _requests;
    private readonly TxnScript _txns;
    private readonly EntryScript _entries;
    private readonly KeyPool _keys;
    private readonly int _publishPermille, _workPermille, _stepsMax, _snapshotPermille, _snapshotBytes, _watchPermille;
    private readonly WatchScript _watches;

    internal StoreRound(Dice dice, RoundSettings settings, IStorePlayer player)
    {
        (_dice, _player) = (dice, player);
        _keys = new KeyPool(dice);
        _requests = new RequestScript(dice, _keys, player.Model);
        _txns = new TxnScript(dice, _requests, player.Model, settings.Options.TxnOperationsMax);
        _entries = new EntryScript(dice, _requests, _txns, player.Model, settings.Options);
        (_publishPermille, _workPermille, _stepsMax) = (dice.OneOf(50, 250, 800), dice.OneOf(0, 100, 600), dice.OneOf(1, 8, 200, 100_000));
        _watches = new WatchScript(dice, _requests, player.Model);
        _watchPermille = dice.OneOf(0, 100, 500, 900);
        (_snapshotPermille, _snapshotBytes) = (dice.OneOf(0, 60, 300), dice.OneOf(7, 200, 100_000));
    }

    /// <summary>Plays to the end or to the first difference. Every step that was taken is added to the list.</summary>
    internal StoreDifference? Play(List<StoreAction> played)
    {
        foreach (var action in Actions())
        {
            played.Add(action);
            if (_player.Play(action) is { } difference) return difference;
        }

        return null;
    }

    private IEnumerable<StoreAction> Actions()
    {
        var burst = _dice.Chance(60);
        var commands = burst ? _dice.Between(10, 60) : _dice.Between(10, _dice.OneOf(40, 150, 400));
        for (var i = 0; i < commands; i++)
        {
            if (burst && _dice.Chance(60))
                foreach (var action in Burst()) yield return action;
            yield return new ApplyEntry(_entries.Next());
            foreach (var action in Between()) yield return action;
        }

        yield return new PublishView(_dice.Chance(500));
        foreach (var action in Questions()) yield return action;
        if (_snapshotPermille > 0) yield return new WriteSnapshot(int.MaxValue, int.MaxValue);
        yield return new FinishWatches();
        yield return new WalkEvents(0, 0);
        yield return new CompareHashes(0, 0);
        if (_dice.Chance(200)) yield return new Rebuild();
        // The watches have seen all of the view before this one, so they hold nothing back.
        yield return new PublishView(KeepsOlder: false);
        yield return new TidyUp();
        yield return new WalkEvents(0, 0);
        yield return new CompareHashes(0, 0);
    }

    /// <summary>Hundreds of new keys at once, and sometimes nothing of them is left.</summary>
    private IEnumerable<StoreAction> Burst()
    {
        var (count, order) = (_dice.Between(100, _dice.OneOf(300, 2500)), _dice.Below(3));
        for (var i = 0; i < count; i++)
        {
            yield return new ApplyEntry(_entries.Put(_keys.Fresh(_dice, order)));
            if (_dice.Chance(5)) yield return new PublishView(_dice.Chance(500));
        }

        if (_dice.Chance(400)) yield return new ApplyEntry(_entries.DeleteAll());
    }

    private IEnumerable<StoreAction> Between()
    {
        if (_dice.Chance(_workPermille)) yield return new FreeMemory(_dice.Between(1, _stepsMax));
        if (_dice.Chance(_snapshotPermille))
            yield return new WriteSnapshot(_dice.Between(1, _snapshotBytes), _dice.Between(1, _stepsMax));
        if (_snapshotPermille > 0 && _dice.Chance(4)) yield return new DropSnapshot();
        if (_dice.Chance(80)) yield return new RenewLease(_dice.Below(20));
        if (_dice.Chance(_watchPermille)) yield return _watches.Next();
        if (!_dice.Chance(_publishPermille)) yield break;
        yield return new PublishView(_dice.Chance(700));
        foreach (var action in Questions()) yield return action;
    }

    private IEnumerable<StoreAction> Questions()
    {
        var model = _player.Model;
        for (var i = _dice.Below(4); i > 0; i--)
            yield return new AskRange(Age(), _requests.Range(model.Revision, model.Compacted));
        if (_dice.Chance(100)) yield return new AskTxn(Age(), _txns.Reader());
        if (_dice.Chance(100)) yield return new WalkEvents(Age(), _requests.Revision(model.Revision, model.Compacted));
        if (_dice.Chance(100))
            yield return new CompareHashes(Age(), _dice.Chance(500) ? 0 : _requests.Revision(model.Revision, model.Compacted));
    }

    private int Age() => _dice.Chance(600) ? 0 : _dice.Between(1, 6);
}

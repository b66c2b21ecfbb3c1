using Balsa.KeyValue.Watches;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Playing;
using Balsa.Simulation.Stores.Scripts;

namespace Balsa.Simulation.Stores.Watches;

/// <summary>Invents what clients who watch do.</summary>
internal sealed class WatchScript(Dice dice, RequestScript requests, NaiveStore model)
{
    private const int Clients = 3;

    internal StoreAction Next()
    {
        var client = dice.Below(Clients);
        return dice.Below(20) switch
        {
            < 6 => Open(client),
            < 7 => new CancelWatch(client, dice.Below(8)),
            < 9 => new BlockClient(client, IsFull: true),
            < 11 => new BlockClient(client, IsFull: false),
            < 12 => new AskProgress(client),
            _ => new WorkWatches(dice.OneOf(1, 3, 20, 1000)),
        };
    }

    private OpenWatch Open(int client)
    {
        var range = requests.Range(model.Revision, model.Compacted);
        var start = dice.Chance(450) ? 0 : requests.Revision(model.Revision, model.Compacted);
        var options = WatchOptions.None;
        if (dice.Chance(150)) options |= WatchOptions.NoPut;
        if (dice.Chance(150)) options |= WatchOptions.NoDelete;
        if (dice.Chance(400)) options |= WatchOptions.Previous;
        if (dice.Chance(300)) options |= WatchOptions.Fragment;
        return new OpenWatch(client, dice.Chance(200) ? [] : range.Key, dice.Chance(300) ? [0] : range.End, start, options);
    }
}

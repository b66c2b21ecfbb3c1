using Balsa.Simulation.Stores.Playing;

namespace Balsa.Simulation.Stores.Drills;

/// <summary>Leaves out steps of a round as long as it goes on finding the same kind of thing.</summary>
internal static class StoreShrinker
{
    private const int StepsMax = 400_000;

    internal static (List<StoreAction> Actions, StoreDifference Difference) Shrink(
        Func<IStorePlayer> start, List<StoreAction> actions, StoreDifference difference)
    {
        var left = StepsMax;
        for (var size = actions.Count / 2; size > 0 && left > 0; size /= 2)
        {
            var before = actions.Count;
            for (var end = actions.Count; end > 0 && left > 0;)
            {
                var from = Math.Max(0, end - size);
                List<StoreAction> fewer = [.. actions[..from], .. actions[end..]];
                end = from;
                if (Play(start(), fewer, ref left) is not { } found || found.Difference.Finding != difference.Finding) continue;
                (actions, difference) = (fewer[..found.Played], found.Difference);
                end = Math.Min(end, actions.Count);
            }

            // What was needed may be superfluous now: single steps are tried until none can go.
            if (size == 1 && actions.Count < before) size = 2;
        }

        return (actions, difference);
    }

    private static (int Played, StoreDifference Difference)? Play(IStorePlayer player, List<StoreAction> actions, ref int left)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            left--;
            if (player.Play(actions[i]) is { } difference) return (i + 1, difference);
        }

        return null;
    }
}

using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Mishaps;

namespace Balsa.Simulation.Running;

/// <summary>
/// Makes a failing run smaller while it goes on failing in the same way: fewer kinds of fault, a shorter run, fewer nodes
/// and clients, and then one mishap less at a time.
/// </summary>
public static class Shrinker
{
    /// <param name="watch">Told of each step that helped.</param>
    public static SimulationRequest Shrink(SimulationRequest failing, Action<SimulationRequest>? watch = null)
    {
        ArgumentNullException.ThrowIfNull(failing);
        var result = SimulationRunner.Run(failing);
        if (!result.Failed)
            throw new ArgumentException($"Seed {failing.Seed} does not fail, so there is nothing to shrink.", nameof(failing));
        var attempt = new Attempt(failing, result.FailureKind, watch);
        attempt.Shorten(result.SimulatedTicks);
        attempt.LeaveOutKinds();
        attempt.Shrink(result.Nodes, 1, (request, nodes) => request with { Nodes = nodes });
        attempt.Shrink(result.Clients, 1, (request, clients) => request with { Clients = clients });
        attempt.DropFaults();
        return attempt.Smallest;
    }

    /// <summary>The options that repeat the run, behind "balsa sim run".</summary>
    public static string ArgumentsOf(SimulationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var text = request.World == WorldKind.Full ? $"--world full --seed {request.Seed}" : $"--seed {request.Seed}";
        if (request.Mutant is { } mutant) text += $" --mutant {mutant}";
        if (request.StorageMutant is { } storage) text += $" --mutant {storage}";
        if (request.Nodes > 0) text += $" --nodes {request.Nodes}";
        if (request.Clients > 0) text += $" --clients {request.Clients}";
        if (request.Seconds > 0) text += $" --seconds {request.Seconds}";
        if (request.Without.Count > 0)
        {
            var names = new List<string>();
            foreach (var kind in request.Without) names.Add(FaultNames.Of(kind));
            text += $" --without {string.Join(',', names)}";
        }
        return request.Dropped.Count > 0 ? $"{text} --drop {string.Join(',', request.Dropped)}" : text;
    }

    private sealed class Attempt(SimulationRequest failing, string kind, Action<SimulationRequest>? watch)
    {
        internal SimulationRequest Smallest { get; private set; } = failing with { Listener = null };

        internal void Shorten(long failedAtTicks)
        {
            var seconds = (int)(failedAtTicks / TimeSpan.TicksPerSecond) + 1;
            foreach (var shorter in (ReadOnlySpan<int>)[seconds / 8, seconds / 4, seconds / 2, seconds])
                if (shorter > 0 && Try(Smallest with { Seconds = shorter })) return;
        }

        internal void LeaveOutKinds()
        {
            foreach (var one in Smallest.World == WorldKind.Full ? FullKinds.All : FaultNames.OfCoreWorld)
            {
                var without = new List<FaultKind>(Smallest.Without) { one };
                Try(Smallest with { Without = without });
            }
        }

        internal void Shrink(int from, int to, Func<SimulationRequest, int, SimulationRequest> change)
        {
            for (var value = to; value < from; value++)
                if (Try(change(Smallest, value))) return;
        }

        /// <summary>Halves first, then quarters, down to single mishaps.</summary>
        internal void DropFaults()
        {
            var left = new List<int>(SimulationRunner.Run(Smallest).PlannedFaults);
            for (var chunk = Math.Max(1, left.Count / 2); chunk >= 1; chunk /= 2)
            {
                for (var at = 0; at < left.Count;)
                {
                    var dropped = new List<int>(Smallest.Dropped);
                    var count = Math.Min(chunk, left.Count - at);
                    dropped.AddRange(left.GetRange(at, count));
                    if (Try(Smallest with { Dropped = dropped })) left.RemoveRange(at, count); else at += count;
                }
            }
        }

        private bool Try(SimulationRequest smaller)
        {
            if (SimulationRunner.Run(smaller).FailureKind != kind) return false;
            Smallest = smaller;
            watch?.Invoke(smaller);
            return true;
        }
    }
}

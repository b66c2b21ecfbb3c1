using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Playing;
using Balsa.Simulation.Stores.Watches;

namespace Balsa.Simulation.Stores.Comparing;

/// <summary>Something further that is compared with the model in the course of a round, such as watches or snapshots.</summary>
internal interface IStoreCheck<TProbe> where TProbe : struct, IStoreProbe
{
    /// <summary>What it still reads of older views.</summary>
    ReaderFloor Floor { get; }

    /// <summary>Called after every step, with the newest view if there is one. What differs, or null.</summary>
    StoreDifference? After(StoreAction action, KeptView? newest);
}

/// <summary>The further checks of every round.</summary>
internal static class StoreChecks
{
    internal static IReadOnlyList<IStoreCheck<TProbe>> Make<TProbe>(
        KeyValueStore<TProbe> store, NaiveStore model, StoreSights sights) where TProbe : struct, IStoreProbe =>
        [new WatchCheck<TProbe>(model, sights), new LeaseCheck<TProbe>(store, model, sights)];
}

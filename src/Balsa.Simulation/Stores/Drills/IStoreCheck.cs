using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.Stores.Drills;

/// <summary>Something further that is compared with the model in the course of a round, such as watches or snapshots.</summary>
internal interface IStoreCheck<TProbe> where TProbe : struct, IStoreProbe
{
    /// <summary>Called after every step, with the newest view if there is one. What differs, or null.</summary>
    StoreDifference? After(StoreAction action, KeptView? newest);
}

/// <summary>The further checks of every round.</summary>
internal static class StoreChecks
{
    internal static IReadOnlyList<IStoreCheck<TProbe>> Make<TProbe>(
        KeyValueStore<TProbe> store, NaiveStore model, StoreSights sights) where TProbe : struct, IStoreProbe => [];
}

using Balsa.Simulation.Stores.Drills;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.Stores.Playing;

/// <summary>A real store, its twin and the model, side by side.</summary>
internal interface IStorePlayer
{
    NaiveStore Model { get; }

    /// <summary>Does one step with all of them. What differs, or null.</summary>
    StoreDifference? Play(StoreAction action);
}

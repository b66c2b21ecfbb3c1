namespace Balsa.Simulation.Stores.Drills;

/// <summary>What a round of the store can find. Everything but <see cref="None"/> is a mistake in the store, or in the model.</summary>
public enum StoreFinding : byte
{
    None = 0,

    /// <summary>A command was answered in another way than the model answers it.</summary>
    Answer,

    /// <summary>A query of a published view was.</summary>
    Query,

    /// <summary>The history differs from what happened.</summary>
    Events,

    /// <summary>A hash or a count is wrong, or two stores with the same entries differ.</summary>
    Hash,

    /// <summary>What came out of a snapshot is not what went in.</summary>
    Snapshot,

    /// <summary>A watcher saw something else than what happened, or not all of it.</summary>
    Watch,

    /// <summary>A lease was held to be over too early, or never.</summary>
    Lease,

    /// <summary>An exception.</summary>
    Broken,

    /// <summary>Something that every long run meets was never met.</summary>
    NeverHit,
}

/// <summary>A round that found something.</summary>
/// <param name="Seed">Repeats it.</param>
/// <param name="Finding">What kind of thing.</param>
/// <param name="Text">The smallest list of steps that still shows it, what was expected and what was found.</param>
public readonly record struct StoreRoundFailure(ulong Seed, StoreFinding Finding, string Text);

/// <summary>Where the store and the model part.</summary>
internal readonly record struct StoreDifference(StoreFinding Finding, string Text);

namespace Balsa.Simulation.Storage;

/// <summary>What a power cut leaves of the operations that no sync had covered.</summary>
internal enum CrashRule : byte
{
    KeepsNothing = 0,
    KeepsEverything,

    /// <summary>The first few.</summary>
    KeepsPrefix,

    /// <summary>The first few, and of the next append only some entries.</summary>
    TearsAppend,

    /// <summary>Any of them, in any order; a checksummed log ends at the first hole.</summary>
    KeepsSubset,
}

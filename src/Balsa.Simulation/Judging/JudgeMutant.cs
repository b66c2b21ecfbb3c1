namespace Balsa.Simulation.Judging;

/// <summary>Mistakes that can be planted in the judge, so that its self-test shows what it would notice.</summary>
public enum JudgeMutant
{
    None,

    /// <summary>What touches in one moment counts as one after the other.</summary>
    TouchIsBefore,

    /// <summary>A set of operations that was tried with one value is not tried with another.</summary>
    MemoryWithoutValue,

    /// <summary>An operation of unknown outcome never took effect.</summary>
    UnknownNeverHappens,

    /// <summary>Looks forget that something can be set before the next read.</summary>
    OutlookIgnoresSets,

    /// <summary>Revisions may contradict the time.</summary>
    RevisionsWithoutTime,

    /// <summary>A write of unknown outcome may explain two revisions.</summary>
    UnknownHappensTwice,

    /// <summary>An earlier state may be read from the future.</summary>
    StaleFromTheFuture,

    /// <summary>The first write that could explain a revision is taken for the one that did.</summary>
    NoSecondGuess,

    /// <summary>At which revision a value was written is not compared.</summary>
    ModifiedIsIgnored,
}

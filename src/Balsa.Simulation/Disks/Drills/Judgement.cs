namespace Balsa.Simulation.Disks.Drills;

/// <summary>What a drill can find. Everything but <see cref="None"/> is a mistake in storage, or in the drill.</summary>
public enum DiskFinding : byte
{
    None = 0,

    /// <summary>Something acknowledged is not there, and nobody says so.</summary>
    Lost,

    /// <summary>Something is there that was never written.</summary>
    Invented,

    /// <summary>Nothing was damaged, and damage was claimed or the directory refused.</summary>
    FalseAlarm,

    /// <summary>Something that the disk had confirmed was damaged, and what is read back differs without a word.</summary>
    Undetected,

    /// <summary>After a failed step something was done or acknowledged that must not be.</summary>
    StoppedLate,

    /// <summary>A failed step had another effect than the table of faults says.</summary>
    WrongReaction,

    /// <summary>The disk has room and answers, and what waits does not become durable.</summary>
    Stuck,

    /// <summary>Something that every long run meets was never met.</summary>
    NeverHit,

    /// <summary>An exception that is no refusal, or a step that makes no sense on any disk.</summary>
    Broken,
}

/// <summary>A finding, and what it is about.</summary>
internal readonly record struct Judgement(DiskFinding Finding, string Text)
{
    internal static Judgement Good => new(DiskFinding.None, "");

    internal bool IsGood => Finding == DiskFinding.None;
}

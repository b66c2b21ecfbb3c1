namespace Balsa.Cli.CommandLine;

/// <summary>What the shell sees. Reports (sim, bench, check, test) use 0, 1, 2 and 10; client commands use the others too.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;

    /// <summary>No quorum, no leader, or no answer in time: also when nobody knows whether a write happened.</summary>
    public const int NoQuorum = 4;
    public const int ConditionNotMet = 5;

    /// <summary>No endpoint could be reached.</summary>
    public const int Unreachable = 6;
    public const int Degraded = 8;
    public const int Unknown = 10;

    /// <summary>Of the signal that Ctrl+C sends; the shell says it, not we.</summary>
    public const int Interrupted = 130;

    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Done, "done"),
        (Failed, "refused or failed; a property is violated"),
        (Usage, "wrong usage"),
        (NotFound, "not found"),
        (NoQuorum, "no quorum, no leader, no answer in time, or outcome unknown"),
        (ConditionNotMet, "a condition was not met: it exists, or was changed"),
        (Unreachable, "no endpoint can be reached"),
        (Degraded, "degraded: only from status --check and wait --healthy"),
        (Unknown, "undecided: a report could not come to a verdict"),
        (Interrupted, "interrupted"),
    ];
}

namespace Balsa.Cli.Harness;

/// <summary>What the course's testKVS is told.</summary>
internal sealed record KvsTest
{
    internal int NumKeys { get; init; } = 100;

    internal int NumThreads { get; init; } = 10;

    internal int NumRequests { get; init; } = 100;

    /// <summary>How many of a hundred operations put.</summary>
    internal int PutRatio { get; init; } = 25;

    /// <summary>Each put is read back at once and compared.</summary>
    internal bool TestConsistency { get; init; }

    /// <summary>All threads share so many keys; 0: each has its own.</summary>
    internal int KeyRangeDuplication { get; init; }

    /// <summary>A server is killed while requests run, and started again.</summary>
    internal bool CrashServer { get; init; }

    /// <summary>A server joins while requests run.</summary>
    internal bool AddServer { get; init; }

    /// <summary>A server leaves while requests run.</summary>
    internal bool RemoveServer { get; init; }

    internal bool HasChanges => CrashServer || AddServer || RemoveServer;
}

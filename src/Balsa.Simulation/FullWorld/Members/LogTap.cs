using Balsa.Replica.Contracts;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>Lets the world see what a replica gives to its log, on the way there.</summary>
internal sealed class LogTap(FullRun world, FullNode node, ILogWriter log) : ILogWriter
{
    public bool IsShort => log.IsShort;

    public bool IsShortOf(long bytes) => log.IsShortOf(bytes);

    public bool IsUnsureOf(long bytes) => log.IsUnsureOf(bytes);

    public void Write(IReadOnlyList<LogOperation> operations)
    {
        foreach (var operation in operations)
        {
            world.Trace.Take(((ulong)operation.Kind << 8) + (ulong)node.Slot, operation.Io.Value);
            if (operation.Kind == LogOperationKind.BeginAfter) CheckBegin(operation);
            var before = node.Truth.Written.Last.Index;
            node.Truth.Write(operation);
            if (operation.Kind != LogOperationKind.Append) continue;
            world.Judges.OnAppended(node, before.Next);
            world.Builds.OnAppended(node);
        }

        log.Write(operations);
    }

    /// <summary>The disk forgets nothing that the core may ask for, and what stands in its place names the members of that time.</summary>
    private void CheckBegin(in LogOperation operation)
    {
        var (index, written) = (operation.Snapshot.Index, node.Truth.Written);
        if (node.Machine is { } machine && index > machine.Boundary)
            world.Verdicts.Report(
                "the log is kept", $"{node.Id} cuts its log after {operation.Snapshot}; its core goes back to {machine.Boundary}");
        if (written.Has(index) && written.TermAt(index) == operation.Snapshot.Term
            && $"{written.ConfigurationAt(index)}" is var known && known != $"{operation.Configuration}")
            world.Verdicts.Report(
                "snapshots name their members", $"{node.Id} begins after {operation.Snapshot} with {operation.Configuration}, not {known}");
    }
}

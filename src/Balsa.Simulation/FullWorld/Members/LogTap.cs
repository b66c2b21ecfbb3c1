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
            var before = node.Truth.Written.Last.Index;
            node.Truth.Write(operation);
            if (operation.Kind == LogOperationKind.Append) world.Judges.OnAppended(node, before.Next);
        }

        log.Write(operations);
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;

namespace Balsa.Simulation.Storage;

/// <summary>What a data directory gives back after the power was cut.</summary>
internal sealed class DiskImage(Configuration founding)
{
    internal LogImage Log { get; } = new(founding);

    internal HardState HardState { get; set; }

    internal SnapshotRecord Snapshot { get; set; } = SnapshotRecord.None(founding);

    /// <summary>Counts the starts of this directory.</summary>
    internal ulong Boots { get; set; }

    /// <summary>How far the directory may be trusted: damage is remembered until it is repaired.</summary>
    internal RecoveryMode Mode { get; set; }

    /// <summary>A log cannot hold a term above the one its owner had reached.</summary>
    internal Term Term => HardState.Term > Log.Last.Term ? HardState.Term : Log.Last.Term;

    internal void Apply(in StorageOperation operation)
    {
        switch (operation.Kind)
        {
            case EffectKind.SaveHardState: HardState = operation.HardState; break;
            case EffectKind.AppendEntries: Append(operation, operation.Count); break;
            case EffectKind.TruncateSuffix: Log.TruncateFrom(operation.Index); break;
            case EffectKind.CompactPrefix: Log.CompactTo(operation.Index); break;
            case EffectKind.InstallSnapshot:
                Snapshot = operation.Snapshot!;
                Log.Reset(Snapshot);
                break;
            default: throw new InvalidOperationException($"{operation.Kind} is no storage operation");
        }
    }

    /// <summary>Only the first entries of an append: the rest was torn away.</summary>
    internal void Append(in StorageOperation operation, int count)
    {
        for (var i = 0; i < count; i++) Log.Append(operation.Entries![i]);
    }

    internal void CopyFrom(DiskImage other)
    {
        Log.CopyFrom(other.Log);
        (HardState, Snapshot, Boots, Mode) = (other.HardState, other.Snapshot, other.Boots, other.Mode);
    }

    /// <summary>What the core is started from.</summary>
    internal RecoveredState Recover()
    {
        var recovered = new RecoveredState(Log.Boundary, Log.BoundaryConfiguration)
        {
            HardState = HardState, Mode = Mode, Snapshot = Snapshot.Id.Index > Log.Boundary.Index ? Snapshot.Id : Log.Boundary,
        };
        for (var index = Log.Boundary.Index.Next; index <= Log.Last.Index; index = index.Next)
        {
            ref readonly var stored = ref Log[index];
            recovered.Replay(stored.Entry, stored.Configuration);
        }
        return recovered;
    }
}

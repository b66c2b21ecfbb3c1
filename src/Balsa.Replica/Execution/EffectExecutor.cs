using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;

namespace Balsa.Replica.Execution;

/// <summary>
/// Carries out what a core asks for. The one rule that replaces every "persist before you send": an effect leaves when
/// everything up to its <see cref="Effect.After"/> is durable. Production and simulation run this same code.
/// </summary>
public sealed class EffectExecutor<TProbe, TTarget>(RaftCore<TProbe> core, TTarget target, TProbe probe = default)
    where TProbe : struct, IProbe
    where TTarget : IEffectTarget
{
    private readonly Queue<Effect> _held = new();
    private IoSeq _durable;

    public RaftCore<TProbe> Core { get; } = core;

    /// <summary>The core has said stop: nothing leaves any more.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Effects that wait for the disk.</summary>
    public int Held => _held.Count;

    public IoSeq Durable => _durable;

    /// <summary>Drains the core and does what it asks. Call after one input or after a batch of them.</summary>
    public void Run()
    {
        if (HasStopped) return;
        var batch = Core.Drain();
        foreach (ref readonly var effect in batch.Effects)
        {
            if (HasStopped) return;
            if (IsStorage(effect.Kind)) Store(effect, batch.EntriesOf(effect));
            else if (effect.After <= _durable || probe.Plants(Mutant.HostReleasesBeforeDurable)) Release(effect);
            else _held.Enqueue(effect);
        }
    }

    /// <summary>The storage stream is durable through <paramref name="upTo"/>: tells the core, and lets go what waited for it.</summary>
    public Rejection OnDurable(IoSeq upTo)
    {
        if (HasStopped) return Rejection.Stopped;
        var refused = Core.OnDurable(upTo);
        if (refused != Rejection.None) return refused;
        _durable = upTo;
        // In the order they were asked for: an effect never overtakes one that waits for an earlier write.
        while (!HasStopped && _held.TryPeek(out var effect) && effect.After <= _durable) Release(_held.Dequeue());
        return Rejection.None;
    }

    private static bool IsStorage(EffectKind kind) => kind <= EffectKind.CompactPrefix;

    private void Store(in Effect effect, ReadOnlySpan<EntryRef> entries)
    {
        switch (effect.Kind)
        {
            case EffectKind.SaveHardState: target.SaveHardState(effect.Io, effect.HardState); break;
            case EffectKind.AppendEntries: target.AppendEntries(effect.Io, entries, effect.Configuration); break;
            case EffectKind.TruncateSuffix: target.TruncateSuffix(effect.Io, effect.First); break;
            case EffectKind.InstallSnapshot: target.InstallSnapshot(effect.Io, effect.Id, effect.Configuration!); break;
            case EffectKind.CompactPrefix: target.CompactPrefix(effect.Io, effect.Last); break;
            default: Invariant.Broken("every storage effect has a handler"); break;
        }
    }

    private void Release(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Send: target.Send(effect.Message, effect.First, effect.Last); break;
            case EffectKind.Apply: target.Apply(effect.First, effect.Last); break;
            case EffectKind.RestoreSnapshot: target.RestoreSnapshot(effect.Id); break;
            case EffectKind.Complete: target.Complete(effect.Correlation, effect.Outcome, effect.Id, effect.Peer); break;
            case EffectKind.CompleteRead: target.CompleteRead(effect.Correlation, effect.Outcome, effect.Last, effect.Peer); break;
            case EffectKind.LoadEntries: target.LoadEntries(effect.Peer, effect.First, effect.Last, effect.Number); break;
            case EffectKind.StartSnapshotTransfer: target.StartSnapshotTransfer(effect.Peer, effect.Id, new LogIndex(effect.Number)); break;
            case EffectKind.AbortSnapshotTransfer: target.AbortSnapshotTransfer(effect.Peer, effect.Id); break;
            case EffectKind.ReceiveSnapshot: target.ReceiveSnapshot(effect.Peer, effect.Id); break;
            case EffectKind.RoleChanged: target.RoleChanged(effect.Role, effect.Peer, effect.HardState); break;
            case EffectKind.ConfigurationChanged:
                target.ConfigurationChanged(effect.Configuration!, effect.Last, effect.Number != 0);
                break;
            case EffectKind.RecoveryCompleted: target.RecoveryCompleted(); break;
            case EffectKind.RemovedFromCluster: target.RemovedFromCluster(); break;
            case EffectKind.FailStop: Stop((StopReason)effect.Number); break;
            default: Invariant.Broken("every effect has a handler"); break;
        }
    }

    private void Stop(StopReason why)
    {
        HasStopped = true;
        _held.Clear();
        target.FailStop(why);
    }
}

using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>
/// No lease ends by itself before its time since it was granted, or since the last renewal that its owner was told of, whatever
/// leader that was and however its clock runs. Log time is no measure of it: while a new leader has still to apply what the one
/// before has stamped, log time stands still, and the clocks of leaders do not.
/// </summary>
internal sealed class LeaseJudge(FullRun world, NaiveStore model)
{
    private readonly Dictionary<long, Life> _lives = [];

    /// <summary>An entry of the history was applied for the first time, and the model has done it.</summary>
    internal void OnApplied(in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        switch ((CommandKind)envelope.CommandKind)
        {
            case CommandKind.LeaseGrant when LeaseGrantCommand.TryRead(command, out var grant) && model.Leases.Has(grant.Lease):
                _lives.TryAdd(grant.Lease, new Life(grant.Seconds, world.Now));
                break;
            case CommandKind.LeaseRevoke when LeaseRevokeCommand.TryRead(command, out var revoke) && !model.Leases.Has(revoke.Lease):
                _lives.Remove(revoke.Lease);
                break;
            case CommandKind.LeaseExpire when LeaseExpireCommand.TryRead(command, out var expire) && !model.Leases.Has(expire.Lease):
                OnExpired(expire.Lease);
                break;
            default: break;
        }
    }

    /// <summary>Its owner is told that it was renewed.</summary>
    /// <param name="at">When the member did it.</param>
    internal void OnKeptAlive(long lease, long at)
    {
        if (!_lives.TryGetValue(lease, out var life)) return;
        life.RenewedAt = Math.Max(life.RenewedAt, at);
        if (life.EndedAt is { } ended) CheckTime(lease, life, ended);
    }

    private void OnExpired(long lease)
    {
        if (!_lives.TryGetValue(lease, out var life) || life.EndedAt is not null) return;
        life.EndedAt = world.Now;
        CheckTime(lease, life, world.Now);
    }

    private void CheckTime(long lease, Life life, long ended)
    {
        var least = life.Seconds * TimeSpan.TicksPerSecond * 1000 / (1000 + world.Options.Raft.ClockDriftPermille);
        if (ended - life.RenewedAt < least)
            world.Verdicts.Report(
                "leases keep their time",
                $"lease {lease} of {life.Seconds} s was renewed at {life.RenewedAt / TimeSpan.TicksPerMillisecond} ms "
                + $"and has ended by itself at {ended / TimeSpan.TicksPerMillisecond} ms");
    }

    private sealed class Life(long seconds, long now)
    {
        internal long Seconds => seconds;

        internal long RenewedAt { get; set; } = now;

        internal long? EndedAt { get; set; }
    }
}

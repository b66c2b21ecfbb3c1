using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.Running;

namespace Balsa.Simulation.Tests.FullWorld;

/// <summary>A lease that ends by itself too early is seen, whoever ended it.</summary>
public sealed class LeaseJudgeTests
{
    private const long Lease = 7, Seconds = 2;

    private readonly FullRun _world = new(new SimulationRequest { Seed = 1, World = WorldKind.Full, Without = FaultNames.All });
    private readonly CommandCodec _codec = new();
    private ulong _applied;

    [Fact]
    public void A_lease_that_expires_at_once_is_seen()
    {
        Grant();
        Assert.Null(Spoken);
        Expire();
        Assert.Equal("leases keep their time", Spoken);
    }

    [Fact]
    public void A_lease_that_is_revoked_may_end_at_once()
    {
        Grant();
        Apply(number => _codec.LeaseRevoke(new LeaseRevokeCommand(Lease), CallMaker.Mark(number)));
        Assert.Null(Spoken);
    }

    [Fact]
    public void An_expiry_of_another_term_ends_nothing()
    {
        Grant();
        Expire(term: 2);
        Assert.Null(Spoken);
    }

    private string? Spoken => _world.Verdicts.First?.Oracle;

    private void Grant() => Apply(number => _codec.LeaseGrant(new LeaseGrantCommand(Lease, Seconds), CallMaker.Mark(number)));

    private void Expire(ulong term = 1) =>
        Apply(number => _codec.LeaseExpire(new LeaseExpireCommand(term, Lease), CallMaker.Mark(number)));

    /// <summary>The model answers for itself: what a store says of leases is judged elsewhere.</summary>
    private void Apply(Func<ulong, byte[]> make)
    {
        var call = new Call(_world.Calls.NextNumber, 0, CallKind.Command) { Attempts = 1 };
        _world.Calls.Add(call);
        EntryEnvelope.TryRead(make(call.Number), out var envelope, out var command);
        var entry = new EntryId(new Term(1), new LogIndex(++_applied));
        _world.Judges.Model.Apply(entry, envelope, command);
        _world.Judges.Leases.OnApplied(envelope, command);
    }
}

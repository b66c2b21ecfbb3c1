using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Recovery;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>All judges, and what each is told. They look at what leaves a member and at what its disk holds, never at its word.</summary>
internal sealed class JudgeBench
{
    private readonly FullRun _world;
    private readonly LogMatching _logMatching;
    private readonly ConsensusJudge _consensus;
    private readonly PromiseJudge _promises;
    private readonly StartJudge _starts;

    internal JudgeBench(FullRun world)
    {
        _world = world;
        History.Found(world.Founding);
        _logMatching = new LogMatching(world.Verdicts);
        _promises = new PromiseJudge(world);
        _consensus = new ConsensusJudge(world, History, _promises);
        _starts = new StartJudge(world);
        Model = new NaiveStore(world.Options.Store);
        Applying = new ApplyJudge(world, History, Model);
        Calls = new CallJudge(world, Applying, Model);
        Leases = new LeaseJudge(world, Model);
    }

    /// <summary>The one true history: every entry that a leader ever called committed.</summary>
    internal CommittedLog History { get; } = new();

    internal NaiveStore Model { get; }

    internal ApplyJudge Applying { get; }

    internal CallJudge Calls { get; }

    internal LeaseJudge Leases { get; }

    /// <summary>For good: an id is never given twice.</summary>
    internal bool HasRemoved(MemberId member) => History.Configuration!.WasRemoved(member);

    internal void OnAppended(FullNode node, LogIndex first)
    {
        var log = node.Truth.Written;
        for (var index = first; index <= log.Last.Index; index = index.Next)
            _logMatching.OnAppended(node.Slot, log[index].Entry.Id, log[index].Chain);
    }

    internal void OnApplied(
        FullNode node, LogIndex before, EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command,
        ReadOnlySpan<byte> answer) => Applying.OnApplied(node, before, entry, envelope, command, answer);

    /// <summary>A state was read from a snapshot: it goes on from there.</summary>
    internal void OnAdopted(FullNode node, LogIndex applied)
    {
        if (node.Process is { } process) process.Sights.Hashed = LogIndex.Zero;
        Applying.OnAdopted(node, applied);
    }

    internal void OnSend(FullNode node, in Message message)
    {
        _promises.OnSend(node, message);
        _world.Observer?.OnSend(node, message);
    }

    /// <summary>After a turn whose effects have all been carried out.</summary>
    internal void AfterTurn(FullNode node)
    {
        var machine = node.Machine!;
        _consensus.AfterTurn(node, machine);
        Applying.AfterTurn(node);
        OnRepaired(node, machine);
        node.Process!.Leases.AfterTurn(machine);
        _world.Calls.Collect(node);
        _world.Observer?.AfterTurn(node);
    }

    private static void OnRepaired(FullNode node, ReplicaMachine machine)
    {
        if (node.Harm != Harm.Damaged || machine.Mode != RecoveryMode.Intact) return;
        (node.Harm, node.Truth.BeforeHarm, node.RepairIsFresh) = (Harm.None, null, true);
    }

    /// <summary>False when what a start has found cannot be what was there.</summary>
    internal bool OnStart(FullNode node, DiskImage found) => _starts.OnStart(node, found);
}

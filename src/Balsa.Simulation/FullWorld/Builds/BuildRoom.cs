using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Builds;

/// <summary>
/// In some seeds the members run the last build and are replaced by the next one, one after the other, whatever else goes on;
/// now and then one goes back, as long as the level has not been raised. It judges as well: the level rises when all members
/// support it, and every member applies an entry by the same level.
/// </summary>
internal sealed class BuildRoom(FullRun world, Dice dice)
{
    private readonly Dictionary<LogIndex, uint> _levels = [];
    private FullNode? _changed;
    private uint _raised = LastBuild.Level;

    internal int Upgrades { get; private set; }

    internal int Downgrades { get; private set; }

    internal bool WasRaised => _raised > LastBuild.Level;

    /// <summary>
    /// What a node starts with. Who joins later is new in every way, and so is who comes back to a cluster whose level has been
    /// raised without it.
    /// </summary>
    internal uint Of(FullNode node)
    {
        if (!world.Options.TwoBuilds) return LastBuild.Level;
        if (WasRaised) return NextBuild.Level;
        if (node.Build > 0) return node.Build;
        return node.Founding.Members.Length > 0 ? LastBuild.Level : NextBuild.Level;
    }

    internal void Begin()
    {
        if (world.Options.TwoBuilds) Later();
    }

    /// <summary>A configuration is in a log for the first time: whoever it names must be able to go on.</summary>
    internal void OnAppended(FullNode node)
    {
        var ruling = node.Truth.Written.Ruling;
        if (ruling.FeatureLevel <= _raised) return;
        _raised = ruling.FeatureLevel;
        foreach (var member in ruling.Members)
        {
            var named = world.NodeOf(member.Id);
            if (named.Build < ruling.FeatureLevel)
                world.Verdicts.Report(
                    "levels rise with all members", $"{node.Id} raises to {ruling.FeatureLevel}; {named.Id} runs build {named.Build}");
        }
    }

    internal void OnApplied(FullNode node, LogIndex index, uint level)
    {
        if (!world.Options.TwoBuilds) return;
        if (_levels.TryAdd(index, level) || _levels[index] == level) return;
        world.Verdicts.Report("one level an entry", $"{node.Id} applies {index} by level {level}, others by {_levels[index]}");
    }

    /// <summary>
    /// When all is well and everybody is new, the level has been raised. An empty directory and an old image are not the member
    /// that the configuration names: their hellos are refused, so they have not said what they understand until they are replaced.
    /// </summary>
    internal string? WhatIsMissing(FullNode leader)
    {
        var ruling = leader.Machine!.Configuration;
        if (!world.Options.TwoBuilds || ruling.FeatureLevel >= NextBuild.Level) return null;
        foreach (var member in ruling.Members)
            if (world.NodeOf(member.Id) is not { IsServing: true, Build: >= 2, Harm: not (Harm.Wiped or Harm.RolledBack) }) return null;
        return $"all members run build {NextBuild.Level}, and the level is {ruling.FeatureLevel}";
    }

    private void Later() => world.Queue.Add(
        world.Now + dice.Between(1_000L, 6_000) * TimeSpan.TicksPerMillisecond, EventKind.Mishap, 0, 0, 0, 0, (Action)Step);

    /// <summary>The next member is touched when everybody has met the one before.</summary>
    private void Step()
    {
        if (world.IsCalm) return;
        Later();
        if (_changed is { } changed && !IsMet(changed)) return;
        _changed = null;
        if (dice.Chance(250) && PickForBack() is { } back) Change(back, LastBuild.Level);
        else if (Pick(LastBuild.Level) is { } next) Change(next, NextBuild.Level);
    }

    private void Change(FullNode node, uint build)
    {
        if (build > node.Build) Upgrades++;
        else Downgrades++;
        (node.Build, _changed) = (build, node);
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} gets build {build}");
        if (node.IsServing && dice.Chance(600)) world.Lifecycle.ShutDown(node);
        else world.Lifecycle.CrashAndRestart(node, world.Lifecycle.Pause());
    }

    private bool IsMet(FullNode node)
    {
        if (node.State == NodeState.Gone) return true;
        if (!node.IsServing || node.Machine!.Self.FeatureLevel != node.Build) return false;
        foreach (var other in world.Nodes)
            if (other != node && other.IsServing && other.Process!.Gateway!.HighestBoot(node.Id) != node.Machine.Self.Boot) return false;
        return true;
    }

    private FullNode? Pick(uint build)
    {
        var first = dice.Below(world.Nodes.Count);
        for (var i = 0; i < world.Nodes.Count; i++)
        {
            var node = world.Nodes[(first + i) % world.Nodes.Count];
            if (node.State != NodeState.Gone && node.Build == build) return node;
        }

        return null;
    }

    /// <summary>Only while the level cannot rise: it has not, and two members of the last build stay.</summary>
    private FullNode? PickForBack()
    {
        if (WasRaised) return null;
        var staying = 0;
        foreach (var member in world.Judges.History.Configuration!.Members)
            if (world.NodeOf(member.Id) is { State: not NodeState.Gone, Build: 1 }) staying++;
        return staying >= 2 ? Pick(NextBuild.Level) : null;
    }
}

using Balsa.Raft.Identity;
using Balsa.Raft.Messages;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Network;

/// <summary>The last step of a message: the connection it came by, the hello that opened it, and the core.</summary>
internal sealed class PostOffice(World world)
{
    /// <summary>False when the message never reached the core.</summary>
    internal bool Deliver(SimulatedNode node, Machine machine, Envelope envelope)
    {
        var reached = !world.Network.Links.IsCut(envelope.FromSlot, node.Slot)
            && IsConnected(node, machine, envelope.FromSlot, envelope.Origin);
        if (reached)
        {
            var refused = machine.Step(envelope.Origin, envelope.Message, envelope.Entries, envelope.Configurations);
            world.Trace.Take((ulong)refused);
            if (refused == Rejection.None) Remember(node, envelope);
            if (world.Trace.IsHeard) world.Trace.Line(Describe(node, envelope, refused));
        }
        world.Network.Release(envelope);
        return reached;
    }

    private static string Describe(SimulatedNode node, Envelope envelope, Rejection refused)
    {
        var m = envelope.Message;
        var text =
            $"    {envelope.Origin.Member} -> {node.Id} {m.Kind} term {m.Term} log {m.Log} commit {m.Commit} match {m.Match} {m.Flags}";
        if (envelope.Entries.Length > 0) text += $" with {envelope.Entries.Length} entries";
        return refused == Rejection.None ? text : $"{text}: {refused}";
    }

    /// <summary>A member that starts and those it can reach dial each other, whether they have something to say or not.</summary>
    internal void Greet(SimulatedNode newcomer)
    {
        foreach (var node in world.Nodes) node.Connections.CloseFrom(newcomer.Slot, newcomer.Boot);
        foreach (var node in world.Nodes)
        {
            if (node == newcomer || !node.IsUp || node.PausedUntil > world.Now) continue;
            Dial(node, newcomer);
            Dial(newcomer, node);
        }
    }

    /// <summary>Either may be refused for good by the other.</summary>
    private void Dial(SimulatedNode from, SimulatedNode to)
    {
        if (!from.IsUp || to is not { IsUp: true, Machine: { } machine } || world.Network.Links.IsCut(from.Slot, to.Slot)) return;
        IsConnected(to, machine, from.Slot, OriginOf(from));
    }

    private Origin OriginOf(SimulatedNode node) =>
        new(default, node.Id, node.Incarnation, new Boot(node.Boot), world.Options.Raft.FeatureLevel);

    private bool IsConnected(SimulatedNode node, Machine machine, int from, in Origin origin)
    {
        if (node.Connections.IsWelcome(from, origin.Incarnation, origin.Boot.Value)) return true;
        var sender = world.Nodes[from];
        // Nobody is there any more to say hello for a message of an earlier boot.
        if (!sender.IsUp || sender.Boot != origin.Boot.Value || sender.Incarnation != origin.Incarnation) return false;
        if (sender.Harm == Harm.RolledBack && node.Connections.HighestBoot(sender.Id).Value == 0)
        {
            // Who joined later never saw the later boot and cannot notice; the budget ends here.
            world.Lifecycle.Bury(sender);
            return false;
        }
        var image = sender.Disk.Durable;
        var expected = world.Options.HelloChecksIncarnation ? machine.Configuration.Find(sender.Id)?.Incarnation ?? default : default;
        var hello = new Hello(origin, image.Term, image.Log.Last.Index);
        var admission = node.Connections.Ledger.Judge(hello, default, expected, sender.Machine!.Mode != RecoveryMode.Intact);
        world.Trace.Take((ulong)admission + 1000);
        if (admission != Admission.Welcome) return Refused(node, sender, admission);
        node.Connections.Welcome(from, sender.Id, origin.Incarnation, origin.Boot);
        return true;
    }

    private bool Refused(SimulatedNode node, SimulatedNode sender, Admission admission)
    {
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} refuses the hello of {sender.Id}: {admission}");
        // With ids given twice, a member that lags behind may still know the earlier directory: try again later.
        var mayBeOurFault = admission == Admission.WrongIncarnation && world.Options.Raft.ReuseRemovedIds && sender.Harm == Harm.None;
        if (sender.Harm == Harm.None && !mayBeOurFault)
            world.Verdicts.Report("no false alarm", $"{node.Id} refuses {sender.Id} ({admission}), whose directory is sound");
        if (!mayBeOurFault) world.Lifecycle.Bury(sender);
        return false;
    }

    private static void Remember(SimulatedNode node, Envelope envelope)
    {
        var message = envelope.Message;
        if (message.Kind is MessageKind.PreVote or MessageKind.PreVoteResponse) return;
        if (message.Kind == MessageKind.AppendResponse && !message.Has(MessageFlags.Reject))
            node.Connections.Ledger.Note(envelope.Origin, message.Term, message.Match);
    }
}

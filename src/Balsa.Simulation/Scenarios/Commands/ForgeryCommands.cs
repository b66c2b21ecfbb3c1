using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios.Commands;

/// <summary>What no honest peer or host does: messages written by hand, and reports that make no sense.</summary>
internal sealed class ForgeryCommands<TProbe>(ScenarioCluster<TProbe> cluster) where TProbe : struct, IProbe
{
    internal void AddTo(SortedDictionary<string, Action<CommandLine>> commands)
    {
        commands["forge"] = Forge;
        commands["report"] = Report;
    }

    /// <summary>
    /// forge 2->1 kind term=T [log=T/I] [commit=I] [match=I] [session=I] [context=BOOT/N] [entries=1/2,1/3c] [flags=reject,...]
    /// and, to lie about oneself: [as=N] [to=N] [group=G] [incarnation=X] [boot=B] [feature=L]. A c makes a configuration entry.
    /// </summary>
    private void Forge(CommandLine line)
    {
        var (from, to) = CommandLine.Link(line.Word());
        var word = line.Word();
        if (!Wording.TryKind(word, out var kind)) kind = (MessageKind)CommandLine.ParseNumber(word);
        var boot = cluster.Nodes.FirstOrDefault(n => n.Id == from)?.Origin.Boot.Value ?? 1;
        var origin = new Origin(
            new GroupId((ulong)line.Setting("group", 0)), new MemberId((ulong)line.Setting("as", from)),
            new Incarnation((ulong)line.Setting("incarnation", from)),
            new Boot((ulong)line.Setting("boot", (int)boot)), (uint)line.Setting("feature", 1));
        var context = line.Entry("context");
        var message = new Message
        {
            Kind = kind, To = new MemberId((ulong)line.Setting("to", to)), Term = new Term(Large(line, "term")), Log = line.Entry("log"),
            Commit = new LogIndex(Large(line, "commit")), Match = new LogIndex(Large(line, "match")),
            Session = new LogIndex(Large(line, "session")), Flags = Flags(line.Setting("flags")),
            Context = new ReadContext(new Boot(context.Term.Value), context.Index.Value),
        };
        var words = line.Setting("entries").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var entries = words.Select(w => Entry(w, (uint)line.Setting("bytes", 1))).ToArray();
        var configurations = words.Count(w => w.EndsWith('c')) - line.Setting("missing", 0);
        cluster[to].Deliver(new Letter(origin, message, entries, [.. Enumerable.Repeat(cluster.Founding, Math.Max(0, configurations))]));
    }

    private EntryRef Entry(string word, uint bytes)
    {
        var kind = word[^1] switch { 'c' => EntryKind.Configuration, '?' => (EntryKind)9, _ => EntryKind.Data };
        return new EntryRef(CommandLine.ParseEntry(word.TrimEnd('c', '?')), kind, bytes, 0, cluster.NewPayload("forged"));
    }

    private static ulong Large(CommandLine line, string name) => CommandLine.ParseLarge(line.Setting(name, "0"));

    private static MessageFlags Flags(string words)
    {
        var flags = MessageFlags.None;
        foreach (var word in words.Split(',', StringSplitOptions.RemoveEmptyEntries))
            flags |= Enum.TryParse<MessageFlags>(word, ignoreCase: true, out var flag)
                ? flag : throw new ScenarioException($"there is no flag '{word}'.");
        return flags;
    }

    /// <summary>report N durable I | applied I | clock MS | loaded PEER FIRST LAST | snapshot T/I | arrived T/I | moved PEER.</summary>
    private void Report(CommandLine line)
    {
        var node = cluster[line.Number()];
        var what = line.Word();
        node.Input(core => cluster.Narrator.Tell(node.Id, $"said: {Carry(core, what, line)}"));
    }

    private Rejection Carry(RaftCore<TProbe> core, string what, CommandLine line) => what switch
    {
        "durable" => core.OnDurable(new IoSeq((ulong)line.Number())),
        "applied" => core.OnApplied(new LogIndex((ulong)line.Number())),
        "clock" => core.AdvanceTo(cluster.Now + line.Number() * TimeSpan.TicksPerMillisecond),
        "loaded" => core.OnEntriesLoaded(
            new MemberId((ulong)line.Number()), new LogIndex((ulong)line.Number()), new LogIndex((ulong)line.Number()), 1),
        "snapshot" => core.OnSnapshotCreated(CommandLine.ParseEntry(line.Word())),
        "arrived" => core.OnSnapshotArrived(
            CommandLine.ParseEntry(line.Word()), line.Takes("empty") ? Configuration.Empty : cluster.Founding),
        "refused" => core.OnSnapshotRefused(CommandLine.ParseEntry(line.Word())),
        "moved" => core.OnSnapshotTransfer(new MemberId((ulong)line.Number()), LogIndex.Zero, ended: false),
        _ => throw new ScenarioException($"there is no report '{what}'."),
    };
}

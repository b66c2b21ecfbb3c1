using Balsa.KeyValue.Store;
using Balsa.Node.Stores;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Simulation.FullWorld.Builds;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>The real store of one life, and a view of what goes in and out of it.</summary>
internal sealed class MachineTap(FullRun world, FullNode node, ViewGate views, StoreOptions options, uint build) : IStateMachine
{
    private readonly BuiltMachine _built = BuiltMachine.Of(build, new KeyValueMachine(views, options));

    /// <summary>The last entry with a command that was applied, and the last one that readers can see.</summary>
    internal LogIndex Applied { get; private set; }

    internal LogIndex Visible { get; private set; }

    internal ulong HistoryHash => _built.Store.HistoryHash ^ _built.Tally;

    internal ulong ContentHash => _built.Store.ContentHash;

    private IStateMachine Machine => _built.Machine;

    public StateHash? Hash => Machine.Hash;

    public ContentVersion Content => Machine.Content;

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        var answer = Machine.Apply(entry, envelope, command);
        world.Builds.OnApplied(node, entry.Index, _built.Level);
        world.Judges.OnApplied(node, Applied, entry, envelope, command, answer);
        Applied = entry.Index;
        return answer;
    }

    public void OnFeatureLevel(uint level) => Machine.OnFeatureLevel(level);

    public object Query(ReadOnlyMemory<byte> query) => Machine.Query(query);

    public void EndBatch()
    {
        Machine.EndBatch();
        Visible = Applied;
    }

    public IStateCapture? Capture() => Machine.Capture();

    public IStateRestore BeginRestore(ContentVersion content) => Machine.BeginRestore(content);

    public void Adopt(IStateRestore restored)
    {
        Machine.Adopt(restored);
        Applied = Visible = _built.Store.Applied.Index;
        world.Judges.OnAdopted(node, Applied);
    }

    public bool Work() => Machine.Work();
}

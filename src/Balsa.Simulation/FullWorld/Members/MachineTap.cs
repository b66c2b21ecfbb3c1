using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
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
    private LogIndex _spoiledAfter;

    /// <summary>The last entry with a command that was applied, and the last one that readers can see.</summary>
    internal LogIndex Applied { get; private set; }

    internal LogIndex Visible { get; private set; }

    internal ILeaseSource Leases => _built.Store.Leases;

    internal ulong HistoryHash => _built.Store.HistoryHash ^ _built.Tally;

    internal ulong ContentHash => _built.Store.ContentHash;

    private IStateMachine Machine => _built.Machine;

    /// <summary>What its hash covers has changed without a command, as a flipped bit of memory would do.</summary>
    internal bool IsSpoiled { get; private set; }

    /// <summary>The next command makes the state machine throw.</summary>
    internal bool WillThrow { get; set; }

    /// <summary>It threw: nothing is applied behind that.</summary>
    internal bool HasThrown { get; private set; }

    /// <summary>The member has a reason to set itself aside.</summary>
    internal bool IsHarmed => IsSpoiled || HasThrown;

    /// <summary>What it makes of the entries behind this one is wrong.</summary>
    internal void Spoil(LogIndex after) => (IsSpoiled, _spoiledAfter) = (true, after);

    internal bool IsSpoiledAt(LogIndex index) => IsSpoiled && index > _spoiledAfter;

    public StateHash? Hash
    {
        get
        {
            if (!IsSpoiled || Machine.Hash is not { } sound) return Machine.Hash;
            // Each one is wrong in its own way: two of them must not agree against a sound one.
            return sound with { History = sound.History ^ (1UL << node.Slot) };
        }
    }

    public ContentVersion Content => Machine.Content;

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        if (WillThrow)
        {
            (WillThrow, HasThrown) = (false, true);
            throw new InvalidOperationException("a planted mistake of the state machine");
        }

        var answer = Machine.Apply(entry, envelope, command);
        world.Builds.OnApplied(node, entry.Index, _built.Level);
        world.Judges.OnApplied(node, Applied, entry, envelope, command, answer);
        Applied = entry.Index;
        node.Process!.Leases.OnApplied((CommandKind)envelope.CommandKind, command);
        return answer;
    }

    public void OnFeatureLevel(uint level) => Machine.OnFeatureLevel(level);

    public object Query(ReadOnlyMemory<byte> query) => Machine.Query(query);

    public void EndBatch()
    {
        Machine.EndBatch();
        Visible = Applied;
        node.Process!.Watches.Follow();
    }

    public IStateCapture? Capture() => Machine.Capture();

    public IStateRestore BeginRestore(ContentVersion content) => Machine.BeginRestore(content);

    public void Adopt(IStateRestore restored)
    {
        Machine.Adopt(restored);
        (IsSpoiled, HasThrown) = (false, false);
        Applied = Visible = _built.Store.Applied.Index;
        node.Process?.Watches.Follow(isAnother: true);
        world.Judges.OnAdopted(node, Applied);
    }

    public bool Work()
    {
        var hasMore = Machine.Work();
        node.Process!.Watches.Follow();
        return hasMore;
    }
}

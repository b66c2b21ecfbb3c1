using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Store;
using Balsa.Node.Stores;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>The real store of one life, and a view of what goes in and out of it.</summary>
internal sealed class MachineTap(FullRun world, FullNode node, ViewGate views, StoreOptions options) : IStateMachine
{
    private readonly KeyValueMachine _machine = new(views, options);

    /// <summary>The last entry with a command that was applied, and the last one that readers can see.</summary>
    internal LogIndex Applied { get; private set; }

    internal LogIndex Visible { get; private set; }

    internal ILeaseSource Leases => _machine.Store.Leases;

    internal ulong HistoryHash => _machine.Store.HistoryHash;

    internal ulong ContentHash => _machine.Store.ContentHash;

    /// <summary>What its hash covers has changed without a command, as a flipped bit of memory would do.</summary>
    internal bool IsSpoiled { get; set; }

    /// <summary>The next command makes the state machine throw.</summary>
    internal bool WillThrow { get; set; }

    /// <summary>It threw: nothing is applied behind that.</summary>
    internal bool HasThrown { get; private set; }

    /// <summary>The member has a reason to set itself aside.</summary>
    internal bool IsHarmed => IsSpoiled || HasThrown;

    public StateHash? Hash
    {
        get
        {
            if (!IsSpoiled || _machine.Hash is not { } sound) return _machine.Hash;
            world.Judges.Applying.OnSpoiledHash(Applied);
            // Each one is wrong in its own way: two of them must not agree against a sound one.
            return sound with { History = sound.History ^ (1UL << node.Slot) };
        }
    }

    public ContentVersion Content => _machine.Content;

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        if (WillThrow)
        {
            (WillThrow, HasThrown) = (false, true);
            throw new InvalidOperationException("a planted mistake of the state machine");
        }

        var answer = _machine.Apply(entry, envelope, command);
        world.Judges.OnApplied(node, Applied, entry, envelope, command, answer);
        Applied = entry.Index;
        node.Process!.Leases.OnApplied((CommandKind)envelope.CommandKind, command);
        return answer;
    }

    public object Query(ReadOnlyMemory<byte> query) => _machine.Query(query);

    public void EndBatch()
    {
        _machine.EndBatch();
        Visible = Applied;
        node.Process!.Watches.Follow();
    }

    public IStateCapture? Capture() => _machine.Capture();

    public IStateRestore BeginRestore(ContentVersion content) => _machine.BeginRestore(content);

    public void Adopt(IStateRestore restored)
    {
        _machine.Adopt(restored);
        (IsSpoiled, HasThrown) = (false, false);
        Applied = Visible = _machine.Store.Applied.Index;
        node.Process?.Watches.Follow(isAnother: true);
        world.Judges.OnAdopted(node, Applied);
    }

    public bool Work()
    {
        var hasMore = _machine.Work();
        node.Process!.Watches.Follow();
        return hasMore;
    }
}

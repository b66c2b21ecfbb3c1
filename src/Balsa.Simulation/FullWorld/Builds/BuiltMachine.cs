using Balsa.KeyValue.Store;
using Balsa.Node.Stores;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Simulation.FullWorld.Builds;

/// <summary>The real store as a build runs it, whichever build it is.</summary>
internal abstract class BuiltMachine(KeyValueMachine machine)
{
    internal KeyValueStore<KeyValue.Probes.NoStoreProbe> Store => machine.Store;

    internal abstract IStateMachine Machine { get; }

    /// <summary>By which level it applies now.</summary>
    internal abstract uint Level { get; }

    /// <summary>What the behaviour of the next build has added up to; 0 before it began.</summary>
    internal abstract ulong Tally { get; }

    internal static BuiltMachine Of(uint level, KeyValueMachine machine) =>
        level >= NextBuild.Level ? new BuiltMachine<NextBuild>(machine) : new BuiltMachine<LastBuild>(machine);
}

/// <summary>
/// From level 2 on the next build adds up the commands that it applies, and keeps the sum in its snapshots, whose content has
/// another version then. So each kind of thing that a new build may change is there: behaviour, state, and a format.
/// </summary>
internal sealed class BuiltMachine<TBuild>(KeyValueMachine machine) : BuiltMachine(machine), IStateMachine where TBuild : struct, IBuild
{
    private static readonly ContentVersion WithTally = new(1, 2);

    private readonly KeyValueMachine _machine = machine;
    private uint _level = LastBuild.Level;
    private ulong _tally;

    internal override IStateMachine Machine => this;

    internal override uint Level => _level;

    internal override ulong Tally => _tally;

    public StateHash? Hash => _machine.Hash is { } hash ? hash with { History = hash.History ^ _tally } : null;

    public ContentVersion Content => IsNew ? WithTally : _machine.Content;

    private bool IsNew => TBuild.Level >= NextBuild.Level && _level >= NextBuild.Level;

    public void OnFeatureLevel(uint level) => _level = level;

    public ReadOnlySpan<byte> Apply(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        if (IsNew) _tally = (_tally ^ entry.Index.Value ^ Crc32C.Of(command)) * 0x9E3779B97F4A7C15 + 1;
        return _machine.Apply(entry, envelope, command);
    }

    public object Query(ReadOnlyMemory<byte> query) => _machine.Query(query);

    public void EndBatch() => _machine.EndBatch();

    public IStateCapture? Capture() => _machine.Capture() is { } capture ? IsNew ? new TallyCapture(capture, _tally) : capture : null;

    public IStateRestore BeginRestore(ContentVersion content) => TBuild.Level >= NextBuild.Level && content == WithTally
        ? new TallyRestore(_machine.BeginRestore(_machine.Content)) : _machine.BeginRestore(content);

    public void Adopt(IStateRestore restored)
    {
        _tally = (restored as TallyRestore)?.Tally ?? 0;
        _machine.Adopt((restored as TallyRestore)?.Rest ?? restored);
    }

    public bool Work() => _machine.Work();
}

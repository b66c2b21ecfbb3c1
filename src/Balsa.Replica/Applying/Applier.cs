using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;
using Balsa.Replica.Skipping;
using Balsa.Replica.Snapshots;

namespace Balsa.Replica.Applying;

/// <summary>
/// Brings the state machine up to what was committed: in order, in slices, from memory or from disk. While a snapshot takes
/// the place of the state, what comes after it waits.
/// </summary>
internal sealed class Applier(
    EntryCache entries, ILogReader reader, IStateMachine machine, SkipRule skips, Origin self, Func<LogIndex, uint> levelAt)
{
    private readonly List<(LogIndex Index, StateHash Hash)> _hashes = [];
    private readonly Dictionary<ulong, byte[]> _results = [];
    private ReadOnlyMemory<ReplicaEntry> _read;
    private LogIndex _target;
    private StateIntake? _intake;
    private bool _hasApplied, _isReading;

    /// <summary>Entries and bytes applied in one go, before anything else gets its turn.</summary>
    internal int EntriesAtOnce { get; init; } = 1024;

    internal long BytesAtOnce { get; init; } = 2 << 20;

    /// <summary>After so many entries the state is hashed; 0 for never.</summary>
    internal ulong HashEvery { get; init; }

    /// <summary>Hashes taken since they were last cleared.</summary>
    internal IReadOnlyList<(LogIndex Index, StateHash Hash)> Hashes => _hashes;

    /// <summary>The entry that could not be applied, and why. Nothing is applied behind it.</summary>
    internal FailedEntry? Failure { get; private set; }

    /// <summary>The entry that waits for a decision whether it is left out. Nothing is applied behind it meanwhile.</summary>
    internal SkippedEntry? Held { get; private set; }

    /// <summary>The cluster has decided to leave out the entry that failed here: a state that is built anew can go on.</summary>
    internal bool IsFailureSkipped => Failure is { } failure && skips.Judge(failure.Named, _target) == SkipVerdict.Skip;

    /// <summary>No snapshot may be made of the state as it is.</summary>
    internal bool IsAheadOfOrder => skips.IsAheadOfOrder(Applied.Index);

    /// <summary>The newest entry whose effect is in the state.</summary>
    internal EntryId Applied { get; private set; }

    /// <summary>Log time of the newest applied entry.</summary>
    internal long LogTime { get; private set; }

    /// <summary>The snapshot that is being read into a new state; its start when there is none.</summary>
    internal EntryId Restoring { get; private set; }

    /// <summary>There is something to apply, and nothing has to be waited for.</summary>
    internal bool IsReady =>
        _intake is null && Failure is null && Held is null && Applied.Index < _target && (!_isReading || !_read.IsEmpty);

    internal void Begin(EntryId applied, long logTime)
    {
        (Applied, _target, LogTime) = (applied, applied.Index, logTime);
        machine.OnFeatureLevel(levelAt(applied.Index));
    }

    internal void Issue(LogIndex last) => _target = last;

    /// <summary>The state is replaced by that of the snapshot, as soon as it has been read.</summary>
    internal StateIntake BeginRestore(EntryId snapshot)
    {
        _intake = new StateIntake(machine);
        (Restoring, _target, _read) = (snapshot, snapshot.Index, default);
        return _intake;
    }

    /// <summary>False when another snapshot is waited for meanwhile.</summary>
    internal bool TryAdopt(EntryId snapshot)
    {
        if (_intake is null || Restoring != snapshot) return false;
        machine.Adopt(_intake.State!);
        LogTime = Math.Max(LogTime, _intake.LogTime);
        (Applied, _intake, Restoring, _hasApplied, Failure, Held) = (snapshot, null, EntryId.Start, true, null, null);
        skips.OnAdopted();
        _hashes.Clear();
        machine.OnFeatureLevel(levelAt(snapshot.Index));
        return true;
    }

    /// <summary>Entries that had to be read back.</summary>
    internal void OnRead(ReadOnlyMemory<ReplicaEntry> read)
    {
        _isReading = false;
        if (_intake is null && !read.IsEmpty && read.Span[0].Ref.Id.Index == Applied.Index.Next) _read = read;
    }

    /// <summary>Applies a slice; false when there was nothing that could be applied now.</summary>
    internal bool Step()
    {
        if (_intake is not null || Failure is not null || Applied.Index >= _target) return false;
        if (Held is { } held && skips.Judge(held, _target) == SkipVerdict.Hold) return false;
        Held = null;
        var first = Applied.Index.Next;
        if (entries.Holds(first))
        {
            var last = LogIndex.Smaller(_target, first + (ulong)(EntriesAtOnce - 1));
            Apply(entries.Slice(first, entries.Reach(first, last, (ulong)BytesAtOnce, out _)));
            return true;
        }

        if (!_read.IsEmpty)
        {
            var count = (int)Math.Min((ulong)_read.Length, _target - Applied.Index);
            Apply(_read.Span[..count]);
            _read = default;
            return true;
        }

        if (!_isReading)
        {
            _isReading = true;
            var last = LogIndex.Smaller(_target, entries.Base);
            reader.Read(MemberId.None, first, LogIndex.Smaller(last, first + (ulong)(EntriesAtOnce - 1)), BytesAtOnce);
        }

        return false;
    }

    /// <summary>Before anybody is told of what was applied, it can be read.</summary>
    internal void Publish()
    {
        if (!_hasApplied || Failure is not null) return;
        _hasApplied = false;
        machine.EndBatch();
    }

    internal bool TryGetResult(LogIndex index, out byte[]? result) => _results.TryGetValue(index.Value, out result);

    /// <summary>Answers of the state machine live until the completions of their batch have been sent.</summary>
    internal void ForgetResults() => _results.Clear();

    internal void ForgetHashes() => _hashes.Clear();

    private void Apply(ReadOnlySpan<ReplicaEntry> slice)
    {
        foreach (ref readonly var entry in slice)
        {
            Invariant.Check(entry.Ref.Id.Index == Applied.Index.Next);
            var verdict = skips.Judge(entry, _target);
            if (verdict == SkipVerdict.Hold)
            {
                Held = SkippedEntry.Of(entry);
                return;
            }

            if (verdict == SkipVerdict.Skip) skips.OnSkipped(entry.Ref.Id.Index);
            else if (!TryApply(entry)) return;
            Applied = entry.Ref.Id;
            var isHashed = HashEvery > 0 && Applied.Index.Value % HashEvery == 0;
            if (isHashed && machine.Hash is { } hash) _hashes.Add((Applied.Index, hash));
        }
    }

    /// <summary>An entry that this build cannot read stops the node. A mistake in the state machine costs the state only.</summary>
    private bool TryApply(in ReplicaEntry entry)
    {
        try
        {
            Apply(entry);
            return true;
        }
        catch (Exception problem) when (problem is not (UnusableEntryException or OutOfMemoryException))
        {
            Failure = new FailedEntry(entry.Ref.Id, SkippedEntry.Of(entry), problem);
            return false;
        }
    }

    private void Apply(in ReplicaEntry entry)
    {
        var bytes = entry.Payload.Span;
        if (Crc32C.Of(bytes) != entry.Ref.Crc) throw new UnusableEntryException(entry.Ref.Id, "its bytes do not fit its checksum");
        if (entry.Ref.Kind == EntryKind.Configuration) machine.OnFeatureLevel(levelAt(entry.Ref.Id.Index));
        if (entry.Ref.Kind != EntryKind.Data) return;
        var error = EntryEnvelope.TryRead(bytes, out var envelope, out var command);
        if (error != EnvelopeError.None) throw new UnusableEntryException(entry.Ref.Id, $"its envelope is unreadable ({error})");
        LogTime = Math.Max(LogTime, envelope.LogTime);
        if (envelope.CommandKind >= HostCommand.FirstKind)
        {
            Obey(entry.Ref.Id, envelope, command);
            return;
        }

        var result = machine.Apply(entry.Ref.Id, envelope, command);
        _hasApplied = true;
        if (envelope.Origin == self.Member && envelope.OriginBoot == self.Boot) _results[entry.Ref.Id.Index.Value] = result.ToArray();
    }

    /// <summary>From an order on, all states leave out the same; one that does not is worth nothing.</summary>
    private void Obey(EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        if (!HostCommand.TryRead(HostCommand.Order, envelope, command, out var target))
            throw new UnusableEntryException(entry, "it is an order of replicas that this build does not know");
        if (target.Index < entry.Index && !skips.HasSkipped(target.Index)) throw new SkipOverruledException(target, entry.Index);
    }
}

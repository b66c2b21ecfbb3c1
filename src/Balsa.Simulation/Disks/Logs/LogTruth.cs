using System.Runtime.InteropServices;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Disks.Drills;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>
/// What the log was told, and what it has acknowledged. After a crash it must hold what it acknowledged and may hold any
/// number of the operations after that, in order: nothing else.
/// </summary>
internal sealed class LogTruth
{
    private readonly LogModel _confirmed = new(), _acknowledged = new(), _scratch = new();
    private readonly List<LogOperation> _lastBatch = [], _handed = [];
    private Dictionary<ulong, LogOperation> _written = [];
    private int _filled;

    /// <summary>With everything that was handed over, durable or not: the script goes on from here.</summary>
    internal LogModel Latest { get; } = new();

    internal LogModel Durable => _acknowledged;

    internal long Acknowledged { get; private set; }

    /// <summary>The number of the newest start that was opened.</summary>
    internal Boot Boot { get; private set; }

    /// <summary>How often entries were cut off or compacted.</summary>
    internal long Removals { get; private set; }

    /// <summary>Damage took something that was not brought back yet: the log must go on saying so.</summary>
    internal bool IsLacking { get; private set; }

    internal bool HasWaiting => _filled < _handed.Count;

    /// <summary>Everything that was handed over is durable.</summary>
    internal bool IsSettled => _handed.Count == 0;

    internal void Reset(Configuration founding)
    {
        foreach (var model in (ReadOnlySpan<LogModel>)[_confirmed, _acknowledged, Latest]) model.Begin(default, default, founding);
        Forget();
        _written.Clear();
        NoteWritten(new LogOperation(LogChange.HardState));
        NoteWritten(new LogOperation(LogChange.Base) { Configuration = founding });
        (Acknowledged, Boot, IsLacking) = (0, default, false);
    }

    internal void CopyFrom(LogTruth other)
    {
        _confirmed.CopyFrom(other._confirmed);
        _acknowledged.CopyFrom(other._acknowledged);
        Latest.CopyFrom(other.Latest);
        Forget();
        _lastBatch.AddRange(other._lastBatch);
        _handed.AddRange(other._handed);
        // Only ever more, and never walked through: a copy may share it, as long as it writes nothing that the other does not.
        _written = other._written;
        (_filled, Acknowledged, Boot, IsLacking) = (other._filled, other.Acknowledged, other.Boot, other.IsLacking);
    }

    internal void Hand(in LogOperation operation)
    {
        _handed.Add(operation);
        Latest.Apply(operation);
        NoteWritten(operation);
        if (operation.Change is LogChange.Truncation or LogChange.Base) Removals++;
    }

    /// <summary>The next operation that the log takes.</summary>
    internal LogOperation Take() => _handed[_filled++];

    /// <summary>The log says that everything it took is on stable media.</summary>
    internal void OnDurable()
    {
        Acknowledged++;
        foreach (var operation in _lastBatch) _confirmed.Apply(operation);
        _lastBatch.Clear();
        for (var i = 0; i < _filled; i++)
        {
            _lastBatch.Add(_handed[i]);
            _acknowledged.Apply(_handed[i]);
            if (_handed[i].Change == LogChange.Recovered) IsLacking = false;
        }
        _handed.RemoveRange(0, _filled);
        _filled = 0;
    }

    /// <summary>
    /// Whether this is what the log must hold after a crash; then it is the truth from here on. Otherwise what is wrong.
    /// </summary>
    /// <param name="attempts">How often it was tried to start since the newest start that was opened.</param>
    internal Judgement Accept(LogModel found, Boot boot, int attempts)
    {
        if (boot <= Boot) return new Judgement(DiskFinding.Lost, $"start number {boot} follows {Boot}");
        if (boot.Value > Boot.Value + (ulong)attempts)
            return new Judgement(DiskFinding.Invented, $"start number {boot} follows {Boot} after {attempts} attempts");
        if (!TryMatch(found, _acknowledged, default))
        {
            var finding = IsAllWritten(found) ? DiskFinding.Lost : DiskFinding.Invented;
            return new Judgement(finding, found.DifferenceTo(_acknowledged) ?? "nothing");
        }
        (Boot, IsLacking) = (boot, false);
        foreach (var model in (ReadOnlySpan<LogModel>)[_confirmed, _acknowledged, Latest]) model.CopyFrom(found);
        Forget();
        return Judgement.Good;
    }

    /// <summary>Nothing is gone but what came with the last batch, of which no later word says that it had been durable.</summary>
    internal bool LacksOnlyUnconfirmed(LogModel found) => TryMatch(found, _confirmed, CollectionsMarshal.AsSpan(_lastBatch));

    internal bool WasWritten(in ModelEntry entry, LogIndex index) => _written.ContainsKey(LogOperation.Of(entry, index));

    /// <summary>Whether a reader may find this term and vote: the acknowledged ones, or those handed over since.</summary>
    internal bool IsCurrent(HardState hardState, bool orBeforeLastBatch)
    {
        if (hardState == _acknowledged.HardState) return true;
        if (orBeforeLastBatch && (hardState == _confirmed.HardState || Says(CollectionsMarshal.AsSpan(_lastBatch), hardState))) return true;
        return Says(CollectionsMarshal.AsSpan(_handed)[.._filled], hardState);
    }

    /// <summary>
    /// Damage took some of it and left this. Hands over what brings the rest back, as a leader would; until that is durable
    /// the log lacks something.
    /// </summary>
    internal void Repair(LogModel left, Boot boot)
    {
        Boot = boot;
        IsLacking = true;
        _scratch.CopyFrom(_acknowledged);
        foreach (var model in (ReadOnlySpan<LogModel>)[_confirmed, _acknowledged, Latest]) model.CopyFrom(left);
        Forget();
        if (!Latest.Has(_scratch.Base) || Latest.Base != _scratch.Base)
            Hand(new LogOperation(LogChange.Base) { Id = _scratch.Base, Configuration = _scratch.BaseConfiguration });
        var same = Latest.Base.Index;
        while (same < LogIndex.Smaller(Latest.LastIndex, _scratch.LastIndex) && Latest.EntryAt(same.Next) == _scratch.EntryAt(same.Next))
            same = same.Next;
        if (same < Latest.LastIndex) Hand(new LogOperation(LogChange.Truncation) { Id = new EntryId(default, same.Next) });
        for (var index = same.Next; index <= _scratch.LastIndex; index = index.Next)
            Hand(_written[LogOperation.Of(_scratch.EntryAt(index), index)]);
        foreach (var peer in _scratch.Peers) Hand(new LogOperation(LogChange.Peer) { Peer = peer });
        if (Latest.HardState != _scratch.HardState)
            Hand(new LogOperation(LogChange.HardState) { HardState = _scratch.HardState });
        Hand(new LogOperation(LogChange.Recovered));
    }

    /// <summary>Whether the log may already have heard that nothing is lacking any more.</summary>
    internal bool MayHaveRecovered()
    {
        for (var i = 0; i < _filled; i++)
            if (_handed[i].Change == LogChange.Recovered) return true;
        return !IsLacking;
    }

    private static bool Says(ReadOnlySpan<LogOperation> operations, HardState hardState)
    {
        foreach (ref readonly var operation in operations)
            if (operation.Change == LogChange.HardState && operation.HardState == hardState) return true;
        return false;
    }

    private void NoteWritten(in LogOperation operation) => _written[operation.Fingerprint] = operation;

    private void Forget()
    {
        _lastBatch.Clear();
        _handed.Clear();
        _filled = 0;
    }

    private bool IsAllWritten(LogModel found)
    {
        if (!_written.ContainsKey(LogOperation.Of(found.HardState))) return false;
        if (!_written.ContainsKey(LogOperation.OfBase(found.Base, found.BaseConfiguration))) return false;
        for (var i = 0; i < found.Entries.Count; i++)
            if (!WasWritten(found.Entries[i], found.Base.Index + (ulong)i + 1)) return false;
        foreach (var peer in found.Peers)
            if (!_written.ContainsKey(LogOperation.Of(peer))) return false;
        return true;
    }

    private bool TryMatch(LogModel found, LogModel from, ReadOnlySpan<LogOperation> first)
    {
        if (found.Equals(from)) return true;
        _scratch.CopyFrom(from);
        foreach (ref readonly var operation in first)
            if (MatchesAfter(found, operation)) return true;
        for (var i = 0; i < _filled; i++)
            if (MatchesAfter(found, _handed[i])) return true;
        return false;
    }

    private bool MatchesAfter(LogModel found, in LogOperation operation)
    {
        _scratch.Apply(operation);
        return found.Equals(_scratch);
    }
}

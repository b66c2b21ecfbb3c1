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
    private readonly LogModel _origin = new(), _goal = new(), _scratch = new();
    private readonly List<LogOperation> _history = [], _handed = [];
    private Dictionary<ulong, LogOperation> _written = [];
    private int _filled;

    /// <summary>With everything that was handed over, durable or not: the script goes on from here.</summary>
    internal LogModel Latest { get; } = new();

    internal LogModel Durable { get; } = new();

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
        foreach (var model in (ReadOnlySpan<LogModel>)[_origin, Durable, Latest]) model.Begin(default, default, founding);
        _history.Clear();
        _written.Clear();
        Forget();
        NoteWritten(new LogOperation(LogChange.HardState));
        NoteWritten(new LogOperation(LogChange.Base) { Configuration = founding });
        (Acknowledged, Removals, Boot, IsLacking) = (0, 0, default, false);
    }

    internal void CopyFrom(LogTruth other)
    {
        Durable.CopyFrom(other.Durable);
        Latest.CopyFrom(other.Latest);
        Forget();
        _handed.AddRange(other._handed);
        // Never walked through, and a copy only compares: so it may share it.
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
        for (var i = 0; i < _filled; i++)
        {
            _history.Add(_handed[i]);
            Durable.Apply(_handed[i]);
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
        if (IsLacking && !HasTaken(LogChange.Recovered))
            return new Judgement(DiskFinding.Undetected, "what damage took is not back, and it is forgotten that it was taken");
        if (boot <= Boot) return new Judgement(DiskFinding.Lost, $"start number {boot} follows {Boot}");
        if (boot.Value > Boot.Value + (ulong)attempts)
            return new Judgement(DiskFinding.Invented, $"start number {boot} follows {Boot} after {attempts} attempts");
        if (!TryMatch(found, out var survived))
        {
            var finding = IsAllWritten(found) ? DiskFinding.Lost : DiskFinding.Invented;
            return new Judgement(finding, found.DifferenceTo(Durable) ?? "nothing");
        }
        for (var i = 0; i < survived; i++) _history.Add(_handed[i]);
        (Boot, IsLacking) = (boot, false);
        Durable.CopyFrom(found);
        Latest.CopyFrom(found);
        Forget();
        return Judgement.Good;
    }

    /// <summary>Whether the log was like this at some time: nothing is wrong with it but that it is old.</summary>
    internal bool WasHeld(LogModel found)
    {
        _scratch.CopyFrom(_origin);
        var wasHeld = found.Equals(_scratch);
        foreach (var operation in _history) wasHeld |= MatchesAfter(found, operation);
        return wasHeld;
    }

    internal bool WasWritten(in ModelEntry entry, LogIndex index) => _written.ContainsKey(LogOperation.Of(entry, index));

    /// <summary>Whether a reader may find this term and vote: the acknowledged ones, or those handed over since.</summary>
    internal bool IsCurrent(HardState hardState)
    {
        var isCurrent = hardState == Durable.HardState;
        for (var i = 0; i < _filled; i++) isCurrent |= _handed[i].Change == LogChange.HardState && _handed[i].HardState == hardState;
        return isCurrent;
    }

    /// <summary>
    /// Damage took some of it and left this. Hands over what brings the rest back, as a leader would; until that is durable
    /// the log lacks something. False when it has compacted what others still have.
    /// </summary>
    internal bool TryRepair(LogModel left, Boot boot)
    {
        if (!IsLacking) _goal.CopyFrom(Durable);
        if (left.Base.Index > _goal.Base.Index) return false;
        (Boot, IsLacking) = (boot, true);
        foreach (var model in (ReadOnlySpan<LogModel>)[_origin, Durable, Latest]) model.CopyFrom(left);
        _history.Clear();
        Forget();
        if (Latest.Base != _goal.Base)
            Hand(new LogOperation(LogChange.Base) { Id = _goal.Base, Configuration = _goal.BaseConfiguration });
        var same = Latest.Base.Index;
        while (same < LogIndex.Smaller(Latest.LastIndex, _goal.LastIndex) && Latest.EntryAt(same.Next) == _goal.EntryAt(same.Next))
            same = same.Next;
        if (same < Latest.LastIndex) Hand(new LogOperation(LogChange.Truncation) { Id = new EntryId(default, same.Next) });
        for (var index = same.Next; index <= _goal.LastIndex; index = index.Next)
            Hand(_written[LogOperation.Of(_goal.EntryAt(index), index)]);
        foreach (var peer in _goal.Peers) Hand(new LogOperation(LogChange.Peer) { Peer = peer });
        Hand(new LogOperation(LogChange.Recovered));
        return true;
    }

    private bool HasTaken(LogChange change)
    {
        for (var i = 0; i < _filled; i++)
            if (_handed[i].Change == change) return true;
        return false;
    }

    private void NoteWritten(in LogOperation operation) => _written[operation.Fingerprint] = operation;

    private void Forget()
    {
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

    /// <summary>What was acknowledged, and so many of the operations that were taken after it.</summary>
    private bool TryMatch(LogModel found, out int survived)
    {
        survived = 0;
        if (found.Equals(Durable)) return true;
        _scratch.CopyFrom(Durable);
        while (survived < _filled)
            if (MatchesAfter(found, _handed[survived++])) return true;
        return false;
    }

    private bool MatchesAfter(LogModel found, in LogOperation operation)
    {
        _scratch.Apply(operation);
        return found.Equals(_scratch);
    }
}

using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Oracles;
using Balsa.Simulation.Stores.Model;

namespace Balsa.Simulation.FullWorld.Judges;

/// <summary>
/// Every member applies the same commands in the same order, each once, and gives the answers of the model. The first to
/// apply an entry is compared with the model, the others with the first.
/// </summary>
internal sealed class ApplyJudge(FullRun world, CommittedLog history, NaiveStore model)
{
    private readonly List<AppliedCommand?> _applied = [null];
    private readonly byte[] _bytes = new byte[64 << 10];
    private readonly HashSet<(ulong Session, ulong Request)> _ran = [];
    private LogIndex _last;
    private LogIndex _checked;

    /// <summary>Up to here somebody may have told the others of a state that the world has spoiled.</summary>
    internal LogIndex SpoiledUpTo { get; private set; }

    internal AppliedCommand? At(LogIndex index) => index.Value < (ulong)_applied.Count ? _applied[(int)index.Value] : null;

    /// <summary>The model's revision and what it had compacted, after the command at this index or the last one before it.</summary>
    internal (long Revision, long Compacted) StateAt(LogIndex index)
    {
        for (var at = Math.Min(index.Value, (ulong)_applied.Count - 1); at > 0; at--)
            if (_applied[(int)at] is { } applied) return (applied.Revision, applied.Compacted);
        return (1, -1);
    }

    internal void OnApplied(
        FullNode node, LogIndex before, EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command, ReadOnlySpan<byte> answer)
    {
        world.Trace.Take(entry.Index.Value + ((ulong)node.Slot << 56), (ulong)answer.Length);
        var crc = CrcOf(envelope, command);
        if (At(entry.Index) is not { } known)
        {
            known = OnFirst(node, entry, envelope, command, crc, answer);
        }
        else if (known.Entry != entry || known.Crc != crc)
        {
            world.Verdicts.Report("state machine safety", $"{node.Id} applies something else at {entry.Index} than others did");
        }
        else if (!answer.SequenceEqual(known.Answer))
        {
            world.Verdicts.Report("equal answers", $"{node.Id} gives another answer to {entry} than others did");
        }

        if (known.Before != before)
            world.Verdicts.Report("each once, in order", $"{node.Id} applies {entry.Index} after {before}; before it comes {known.Before}");
    }

    internal void OnAdopted(FullNode node, LogIndex applied)
    {
        if (applied > LogIndex.Zero && At(applied) is null)
            world.Verdicts.Report("snapshots hold the history", $"{node.Id} restores a state through {applied}, which nobody has applied");
    }

    /// <summary>What was applied is committed, and the states of members that have applied the same are the same.</summary>
    internal void AfterTurn(FullNode node)
    {
        for (; _checked < _last; _checked = _checked.Next)
        {
            if (At(_checked.Next) is not { } applied) continue;
            var index = applied.Entry.Index;
            if (!history.Knows(index) || history[index].Entry.Id != applied.Entry || history[index].Entry.Crc != applied.Crc)
                world.Verdicts.Report("state machine safety", $"{node.Id} applied {applied.Entry}, which is not what was committed there");
        }

        var (store, seen) = (node.Process!.Store, node.Process.Sights);
        CheckAside(node, node.Machine!.Aside);
        if (store.Applied == seen.Hashed || At(store.Applied) is not { } last) return;
        seen.Hashed = store.Applied;
        var hashes = (store.HistoryHash, store.ContentHash);
        last.Hashes ??= hashes;
        if (last.Hashes != hashes)
            world.Verdicts.Report("equal states", $"{node.Id} has another state after {last.Entry} than others had");
    }

    private void CheckAside(FullNode node, string? why)
    {
        var seen = node.Process!.Sights;
        if (why is null)
        {
            seen.AsideTurns = 0;
            return;
        }

        if (seen.AsideTurns++ > 0) return;
        if (node.Process.Store.IsHarmed) world.Faults.Hit(FaultKind.SetAside);
        else world.Verdicts.Report("no false alarm", $"{node.Id} is set aside: {why}");
    }

    /// <summary>A member whose state the world has spoiled tells the others what it makes of this index.</summary>
    internal void OnSpoiledHash(LogIndex told) => SpoiledUpTo = LogIndex.Larger(SpoiledUpTo, told);

    private AppliedCommand OnFirst(
        FullNode node, EntryId entry, in EntryEnvelope envelope, ReadOnlySpan<byte> command, uint crc, ReadOnlySpan<byte> answer)
    {
        var before = model.Revision;
        var expected = model.Apply(entry, envelope, command);
        var bytes = AnswerBytes.Of((CommandKind)envelope.CommandKind, expected);
        if (!answer.SequenceEqual(bytes))
            world.Verdicts.Report(
                "answers fit the model",
                $"{node.Id} answers {entry} with {Convert.ToHexString(answer)} instead of {Convert.ToHexString(bytes)}");
        var applied = new AppliedCommand(entry, crc, envelope.User, _last, bytes, model.Revision, model.Compacted);
        while ((ulong)_applied.Count <= entry.Index.Value) _applied.Add(null);
        _applied[(int)entry.Index.Value] = applied;
        _last = entry.Index;
        if (envelope.Request != 0 && model.Revision > before && !_ran.Add((envelope.Session, envelope.Request)))
            world.Verdicts.Report("exactly once", $"request {envelope.Request} of session {envelope.Session} ran again at {entry}");
        world.Judges.Leases.OnApplied(envelope, command);
        world.Judges.Calls.OnEntry(entry, envelope.User);
        return applied;
    }

    /// <summary>The checksum of the bytes that were proposed, put together again.</summary>
    private uint CrcOf(in EntryEnvelope envelope, ReadOnlySpan<byte> command)
    {
        envelope.Write(_bytes);
        command.CopyTo(_bytes.AsSpan(EntryEnvelope.Bytes));
        return Crc32C.Of(_bytes.AsSpan(0, EntryEnvelope.Bytes + command.Length));
    }
}

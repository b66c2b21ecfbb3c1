using System.Buffers.Binary;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Recovering;

/// <summary>A place where bytes that had been on stable media cannot be read as what was written.</summary>
/// <param name="File">The file's name; empty when one is missing.</param>
public sealed record LogDamage(string File, long Offset, string What);

/// <summary>
/// Reads the whole log and decides what its end is: clean, torn by a crash, or damaged. Changes nothing on disk.
/// </summary>
/// <remarks>
/// A bad record is torn only if nothing on the disk says that it had ever been durable: no later record of the segment,
/// no close mark, no later segment. Torn records are cut, because nobody was told of them. Everything else is damage, and
/// the log up to there is used only to fetch the rest from others.
/// </remarks>
internal sealed class LogRecovery<TProbe>(DirectoryIdentity owner, string directory, LogState state, IoStep io)
    where TProbe : struct, IStorageProbe
{
    private const ulong BootsSkipped = 1000;
    private const int HeadBytesMax = SegmentHead.BlockBytesMax;

    private readonly ConfigurationTrail _trail = new();
    private readonly Survivors<TProbe> _survivors = new();
    private byte[] _buffer = [];
    private uint _chain;
    private uint _end;
    private bool _recordsBeyond;
    private uint _proven;
    private byte[] _unproven = [];

    internal LogDamage? Damage { get; private set; }

    /// <summary>Where the records end that count.</summary>
    internal LogPlace End => new(_last, _end, _chain);

    /// <summary>Bytes of records behind the end that nobody was told of.</summary>
    internal long CutBytes { get; private set; }

    /// <summary>The log can go on behind its last record: nothing is there that a later start could take for its own.</summary>
    internal bool CanContinue => Damage is null && !_recordsBeyond;

    internal CloseMark LastMark { get; private set; }

    /// <summary>The segment before that one, with its newest mark and its block size; null when there is none.</summary>
    internal (LogPlace End, CloseMark Mark, int BlockBytes)? Before { get; private set; }

    /// <summary>
    /// The end of the log that nothing proves to be on stable media. It may live in memory only: a process that stopped at
    /// a failed sync leaves pages that count as clean.
    /// </summary>
    internal (uint Offset, ReadOnlyMemory<byte> Bytes) Unproven => (_proven, _unproven);

    /// <summary>Of the segment in which the log ends.</summary>
    internal SegmentHead LastHead { get; private set; } = null!;

    /// <summary>Files that are no part of the log, or no longer: to be set aside once the log goes on in a new segment.</summary>
    internal List<ulong> Void { get; } = [];

    /// <summary>The membership at the end of what was read.</summary>
    internal Configuration InForce => _trail.InForce(state.Base.Index, state.BaseConfiguration);

    /// <summary>Every membership that may be in force: that one, and those spoken of behind the damage.</summary>
    internal IEnumerable<Configuration> Configurations => _survivors.Configurations.Append(InForce);

    private ulong _last;

    private static bool Plants(StorageMutant mutant) => default(TProbe).Plants(mutant);

    /// <param name="sequences">Of the segments there are, ascending; at least one.</param>
    internal IEnumerable<IoStep> Run(IReadOnlyList<ulong> sequences)
    {
        var found = new List<FoundSegment>();
        foreach (var sequence in sequences)
        {
            var file = new StoredFile(PathOf(sequence));
            yield return io.OpenToRead(IoSite.OpenSegment, file);
            io.OrStop();
            var length = io.Count;
            yield return io.Read(IoSite.ReadSegment, file, 0, Room(Math.Min(length, HeadBytesMax)));
            io.OrStop();
            found.Add(Examine(sequence, length));
            yield return io.Close(file);
            _ = io.Error;
        }

        var plan = LogPlan.Of(found);
        Void.AddRange(plan.Void);
        if (plan.Segments[0].Segment.Head is not { } first)
        {
            throw new StorageException(
                $"The beginning of {PathOf(plan.Segments[0].Segment.Sequence)} is damaged, and there is no other file of the log to "
                + "begin with. Restore the file from a copy, or replace this member.");
        }

        state.StartFrom(first);
        for (var i = 0; i < plan.Segments.Count; i++)
        {
            var (segment, end, gap) = plan.Segments[i];
            if (gap && !Plants(StorageMutant.MissingSegmentIgnored)) NoteGap(segment);
            var file = new StoredFile(PathOf(segment.Sequence));
            yield return io.OpenToRead(IoSite.OpenSegment, file);
            io.OrStop();
            yield return io.Read(IoSite.ReadSegment, file, 0, Room(segment.Length));
            io.OrStop();
            Read(segment, end, isNewest: i == plan.Segments.Count - 1);
            yield return io.Close(file);
            _ = io.Error;
        }

        _buffer = [];
        Conclude();
        state.Map.MarkReadable();
    }

    private string PathOf(ulong sequence) => Path.Combine(directory, SegmentName.OfLive(sequence));

    private Memory<byte> Room(long length)
    {
        if (length > Array.MaxLength)
            throw new StorageException($"A file of the log has {length} bytes, which no build writes. Remove it from {directory}.");
        if (_buffer.Length < length) _buffer = new byte[length];
        return _buffer.AsMemory(0, (int)length);
    }

    private FoundSegment Examine(ulong sequence, long length)
    {
        var bytes = _buffer.AsSpan(0, (int)Math.Min(length, HeadBytesMax));
        var head = SegmentHead.TryRead(bytes, out var checksum);
        if (head is null && SegmentHead.IsOtherFormat(bytes, out var format))
        {
            throw new StorageException(
                $"{PathOf(sequence)} has format {format}, and this build reads up to {SegmentHead.Format}. Use the build that wrote it.");
        }

        if (head is not null && head.Owner != owner)
        {
            throw new StorageException(
                $"{PathOf(sequence)} is of {head.Owner}, and the directory belongs to another. "
                + "Put the right file back, or replace this member.");
        }

        // Under another name it is another segment's copy, and no head of this one.
        if (head is not null && head.Sequence != sequence) head = null;
        return new FoundSegment(sequence, length, head, checksum);
    }

    private void Read(FoundSegment found, LogPlace? end, bool isNewest)
    {
        var head = found.Head;
        // A segment without a head has the block size of the one before.
        var image = new SegmentImage<TProbe>(
            found.Sequence, _buffer.AsMemory(0, (int)found.Length), owner, head?.BlockBytes ?? LastHead.BlockBytes);
        if (Damage is not null)
        {
            Void.Add(found.Sequence);
            if (head is not null) _survivors.Look(head);
            var isReadable = _survivors.Look(image, image.FirstRecord, end?.End ?? uint.MaxValue);
            var isCut = head is null ? !isReadable : found.Length != head.SegmentBytes;
            if (isNewest && (isCut || image.Mark.LeftForNext)) _survivors.LoseEnd();
            return;
        }

        if (_last > 0) Before = (End, LastMark, LastHead.BlockBytes);
        (LastHead, LastMark) = (head!, image.Mark);
        state.Hear(head!);
        state.Segments.Add(new Segment(found.Sequence));
        (_last, _end, _chain) = (found.Sequence, image.FirstRecord, found.HeadChecksum);
        _proven = Math.Max(head!.BegunUpTo, LastMark.DurableUpTo);
        ReadRecords(image, end?.End ?? uint.MaxValue);
        if (end is null && _proven < _end) _unproven = image.Span[(int)_proven..(int)_end].ToArray();
        var isShort = found.Length != head.SegmentBytes;
        if (end is { } place)
        {
            if (End == place) return;
            NoteDamage(image, isShort ? "the file is cut short" : "a record is unreadable");
            _survivors.Look(image, _end, place.End);
            return;
        }

        _survivors.Look(image, _end, uint.MaxValue);
        _recordsBeyond = _survivors.FoundRecord;
        if (isShort)
        {
            NoteDamage(image, "the file is cut short");
            if (isNewest) _survivors.LoseEnd();
        }
        else if (Math.Max(_survivors.DurableUpTo, head.BegunUpTo) > _end && !Plants(StorageMutant.DamageTakenForTornEnd))
            NoteDamage(image, "a record is unreadable");
        else if (isNewest && LastMark.LeftForNext && !Plants(StorageMutant.MissingSegmentIgnored)) LoseNewest(found.Sequence + 1);
        else if (_recordsBeyond && Plants(StorageMutant.TornEndTakenForDamage)) NoteDamage(image, "a record is unreadable");
        else if (_recordsBeyond) CutBytes = image.Length - _end;
    }

    private void ReadRecords(SegmentImage<TProbe> image, uint upTo)
    {
        var epoch = 0U;
        while (_end < upTo && image.TryRecord(_end, _chain, out var header, out var checksum) && header.Epoch >= epoch)
        {
            var payload = image.PayloadOf(_end, header);
            if (!state.TryApply(header, payload, new RecordPlace(image.Sequence, _end)))
            {
                throw new StorageException(
                    $"{PathOf(image.Sequence)} holds a record at byte {_end} (type {(byte)header.Type}) that makes no sense to this build. "
                    + "Use the build that wrote it; if it is this one, keep the directory and report it.");
            }

            _trail.Note(header, payload);
            epoch = header.Epoch;
            _proven = Math.Max(_proven, header.DurableUpTo);
            _end += (uint)header.TotalBytes;
            _chain = checksum;
            if (Plants(StorageMutant.LengthTrusted)) SkipByLength(image);
        }
    }

    /// <summary>The mistake of believing a length whose checksum is wrong: what it says is stepped over.</summary>
    private void SkipByLength(SegmentImage<TProbe> image)
    {
        if (image.TryHeader(_end, out _, out _) || _end > image.Length - RecordHeader.Bytes) return;
        var length = BinaryPrimitives.ReadInt32LittleEndian(image.Span[((int)_end + 8)..]);
        if (length <= 0 || length > image.Length - _end - RecordHeader.Bytes) return;
        _chain = BinaryPrimitives.ReadUInt32LittleEndian(image.Span[(int)_end..]);
        _end += (uint)RecordHeader.TotalOf(length);
    }

    /// <summary>In front of this segment something is missing, or its head, which would tell, is damaged.</summary>
    private void NoteGap(FoundSegment segment)
    {
        if (Damage is not null) return;
        if (segment.Head is null) Damage = new LogDamage(SegmentName.OfLive(segment.Sequence), 0, "the head is damaged");
        else NoteMissing(segment.Head.Previous.Sequence);
    }

    private void LoseNewest(ulong sequence)
    {
        NoteMissing(sequence);
        _survivors.LoseEnd();
    }

    private void NoteMissing(ulong sequence) =>
        Damage = new LogDamage(SegmentName.OfLive(sequence), 0, "the file is missing");

    private void NoteDamage(SegmentImage<TProbe> image, string what) =>
        Damage = new LogDamage(SegmentName.OfLive(image.Sequence), _end, what);

    /// <summary>The beginning is gone, so what follows it cannot be used either: the log begins again behind its base.</summary>
    private void BeginAnew()
    {
        foreach (var segment in state.Segments) Void.Add(segment.Sequence);
        state.Segments.Clear();
        state.Map.StartAfter(state.Base);
        (_last, _end, _chain) = (0, 0, 0);
    }

    private void Conclude()
    {
        if (Damage is null && !state.IsWhole)
            Damage = new LogDamage("", 0, $"the files with the entries after {state.Base} up to {state.Map.Base} are missing");
        if (Damage is null) return;
        _survivors.Begin(state);
        state.Adopt(_survivors.Peers);
        state.Adopt(_survivors.Base);
        if (!state.IsWhole) BeginAnew();
        // A whole start may be among what was lost, and its number must not be given again.
        var boot = Math.Max(state.Boot.Value, _survivors.Epoch) + BootsSkipped;
        state.Adopt(_survivors.HardState, _survivors.HardStates, new Boot(boot));
        state.Lose(_survivors.LastKnown, _survivors.HardStateIsLost);
    }
}

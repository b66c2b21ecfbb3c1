using System.Buffers.Binary;
using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace Balsa.Storage.Wal;

/// <summary>
/// One append-only file that holds everything a member must not forget. Records gather in memory; <see cref="Sync"/>
/// writes them and makes them durable. One thread at a time. After the first error it is not used again.
/// </summary>
public sealed class FileLog : IDisposable
{
    /// <summary>The file is read into one array when it is opened, which bounds it.</summary>
    public const long FileBytesMax = 2_000_000_000;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly Incarnation _incarnation;
    private readonly GroupId _group;
    private byte[] _pending = new byte[64 * 1024];
    private int _pendingBytes;
    private long _end;
    private bool _failed;

    private FileLog(SafeFileHandle file, string path, Incarnation incarnation, GroupId group, RecoveredLog recovered, long end)
    {
        (_file, _path, _incarnation, _group, Recovered, _end) = (file, path, incarnation, group, recovered, end);
    }

    public RecoveredLog Recovered { get; }

    /// <summary>How large the file is, with what has not been written yet.</summary>
    public long Bytes => _end + _pendingBytes;

    internal static void Create(string path, DirectoryIdentity owner, Configuration founding)
    {
        var record = new byte[RecordFrame.HeaderBytes + LogReplay.IdentityBytes + ConfigurationCodec.Length(founding)];
        var payload = record.AsSpan(RecordFrame.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(payload, LogReplay.FormatVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[4..], owner.Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[12..], owner.Member.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[20..], owner.Incarnation.Value);
        ConfigurationCodec.Write(founding, payload[LogReplay.IdentityBytes..]);
        RecordFrame.Seal(record, RecordKind.Identity, default, 0, default);
        StableMedia.WriteWhole(path, record);
    }

    /// <summary>Nothing but the first record, so nothing was ever promised from here.</summary>
    internal static bool IsUnused(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return RecordFrame.TryRead(bytes, default, out var first) && first.TotalBytes == bytes.Length;
    }

    /// <summary>Replays the file, cuts a torn end off, and makes this start's number durable.</summary>
    public static FileLog Open(string path, DirectoryIdentity owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (new FileInfo(path).Length is var length && length > FileBytesMax)
            throw new StorageException($"{path} has {length} bytes, and at most {FileBytesMax} can be opened. Replace this member.");
        var replay = new LogReplay(File.ReadAllBytes(path), path, owner);
        var recovered = replay.Run();
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            if (recovered.CutBytes > 0) RandomAccess.SetLength(file, replay.End);
            // What was read back may have been written and not synced by the process before; from here on it counts.
            StableMedia.SyncData(file, path);
            recovered.Boot = new Boot(recovered.Boot.Value + 1);
            var log = new FileLog(file, path, owner.Incarnation, default, recovered, replay.End);
            BinaryPrimitives.WriteUInt64LittleEndian(log.Reserve(RecordKind.Boot, 8), recovered.Boot.Value);
            log.Seal(RecordKind.Boot, 8);
            log.Sync();
            return log;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void SaveHardState(HardState hardState)
    {
        var payload = Reserve(RecordKind.HardState, 16);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, hardState.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], hardState.VotedFor.Value);
        Seal(RecordKind.HardState, 16);
    }

    public void Append(in EntryRef entry, ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(entry.Length == (uint)bytes.Length);
        var length = LogReplay.EntryHeaderBytes + bytes.Length;
        var payload = Reserve(RecordKind.Entry, length);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, entry.Id.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], entry.Id.Term.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[16..], entry.Crc);
        payload[20] = (byte)entry.Kind;
        payload[21..24].Clear();
        bytes.CopyTo(payload[LogReplay.EntryHeaderBytes..]);
        Seal(RecordKind.Entry, length);
    }

    public void TruncateFrom(LogIndex from)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(RecordKind.Truncate, 8), from.Value);
        Seal(RecordKind.Truncate, 8);
    }

    public void NotePeer(SeenPeer peer)
    {
        var payload = Reserve(RecordKind.Peer, 24);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, peer.Member.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], peer.Incarnation.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[16..], peer.HighestBoot.Value);
        Seal(RecordKind.Peer, 24);
    }

    /// <summary>Everything handed over so far is on stable media when this returns; otherwise it throws and the log is dead.</summary>
    public void Sync()
    {
        ThrowIfFailed();
        if (_pendingBytes == 0) return;
        // Set first: whatever goes wrong in here, nobody may believe a later attempt.
        _failed = true;
        try
        {
            RandomAccess.Write(_file, _pending.AsSpan(0, _pendingBytes), _end);
            StableMedia.SyncData(_file, _path);
        }
        catch (IOException problem)
        {
            throw new StorageException($"writing {_pendingBytes} bytes to {_path} at byte {_end} failed: {problem.Message}", problem);
        }

        _end += _pendingBytes;
        _pendingBytes = 0;
        _failed = false;
        if (_pending.Length > 8 << 20) _pending = new byte[64 * 1024];
    }

    /// <summary>A clean stop: says that everything before is durable, so that later damage to it cannot pass for a torn end.</summary>
    public void Close()
    {
        Sync();
        Reserve(RecordKind.Close, 0);
        Seal(RecordKind.Close, 0);
        Sync();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Room for a record at the end of what waits; the answer is its payload.</summary>
    private Span<byte> Reserve(RecordKind kind, int length)
    {
        ThrowIfFailed();
        var total = RecordFrame.HeaderBytes + length;
        if (Bytes + total > FileBytesMax)
            throw new StorageException($"{_path} is full: a {kind} record of {total} bytes would pass the limit of {FileBytesMax} bytes.");
        if (_pendingBytes + total > _pending.Length)
            Array.Resize(ref _pending, (int)Math.Min(Array.MaxLength, Math.Max(2L * _pending.Length, _pendingBytes + (long)total)));
        _pendingBytes += total;
        return _pending.AsSpan(_pendingBytes - length, length);
    }

    private void Seal(RecordKind kind, int length)
    {
        var total = RecordFrame.HeaderBytes + length;
        RecordFrame.Seal(_pending.AsSpan(_pendingBytes - total, total), kind, _group, (ulong)_end, _incarnation);
    }

    private void ThrowIfFailed()
    {
        if (_failed) throw new StorageException($"{_path} failed before and is not used again.");
    }
}

using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Wal;
using Balsa.Storage.Wal.Writing;

namespace Balsa.Simulation.Disks.Logs;

internal enum LogChange : byte
{
    HardState,
    Entry,
    Truncation,
    Peer,
    Base,
    Recovered,
}

/// <summary>One record that the script hands to the log.</summary>
internal readonly record struct LogOperation(LogChange Change)
{
    internal HardState HardState { get; init; }

    /// <summary>Of the entry; of the boundary for a new base; of a truncation only the index.</summary>
    internal EntryId Id { get; init; }

    internal EntryKind Kind { get; init; }

    internal int Length { get; init; }

    /// <summary>From which the bytes of an entry follow.</summary>
    internal ulong Payload { get; init; }

    internal uint Crc { get; init; }

    internal SeenPeer Peer { get; init; }

    /// <summary>Of the base, or what a configuration entry says.</summary>
    internal Configuration? Configuration { get; init; }

    /// <summary>In one number, so that what was never written is known when it is met.</summary>
    internal ulong Fingerprint => Change switch
    {
        LogChange.HardState => Of(HardState),
        LogChange.Entry => Of(new ModelEntry(Id.Term, Kind, Length, Crc), Id.Index),
        LogChange.Peer => Of(Peer),
        LogChange.Base => OfBase(Id, Configuration!),
        _ => 0,
    };

    /// <summary>Entries have the checksum that their proposer made, so the bytes are made here, too.</summary>
    internal static LogOperation Entry(EntryId id, int length, ulong payload, byte[] scratch) =>
        new(LogChange.Entry)
        {
            Id = id, Kind = length == 0 ? EntryKind.Noop : EntryKind.Data, Length = length, Payload = payload,
            Crc = Crc32C.Of(BytesOf(payload, length, scratch)),
        };

    internal static LogOperation Entry(EntryId id, Configuration configuration)
    {
        var bytes = new byte[ConfigurationCodec.Length(configuration)];
        ConfigurationCodec.Write(configuration, bytes);
        return new LogOperation(LogChange.Entry)
        {
            Id = id, Kind = EntryKind.Configuration, Length = bytes.Length, Crc = Crc32C.Of(bytes), Configuration = configuration,
        };
    }

    internal static ulong Of(HardState hardState) => Mixing.Mix(Mixing.Mix(1, hardState.Term.Value), hardState.VotedFor.Value);

    internal static ulong Of(in ModelEntry entry, LogIndex index) => Mixing.Mix(
        Mixing.Mix(Mixing.Mix(2, index.Value), entry.Term.Value), (ulong)entry.Length << 40 | (ulong)entry.Kind << 32 | entry.Crc);

    internal static ulong Of(SeenPeer peer) =>
        Mixing.Mix(Mixing.Mix(Mixing.Mix(3, peer.Member.Value), peer.Incarnation.Value), peer.HighestBoot.Value);

    internal static ulong OfBase(EntryId id, Configuration configuration)
    {
        var hash = Mixing.Mix(Mixing.Mix(4, id.Index.Value), id.Term.Value);
        foreach (var member in configuration.Members) hash = Mixing.Mix(Mixing.Mix(hash, member.Id.Value), (ulong)member.Role);
        return hash;
    }

    internal void PutInto(WalBatch batch, byte[] scratch)
    {
        switch (Change)
        {
            case LogChange.HardState: batch.SaveHardState(default, HardState); break;
            case LogChange.Truncation: batch.TruncateFrom(default, Id.Index); break;
            case LogChange.Peer: batch.NotePeer(default, Peer); break;
            case LogChange.Base: batch.BeginAfter(default, Id, Configuration!); break;
            case LogChange.Recovered: batch.NoteRecovered(default); break;
            default:
                if (Configuration is not null) ConfigurationCodec.Write(Configuration, scratch);
                else BytesOf(Payload, Length, scratch);
                batch.Append(default, new EntryRef(Id, Kind, (uint)Length, Crc, default), scratch.AsSpan(0, Length));
                break;
        }
    }

    private static Span<byte> BytesOf(ulong payload, int length, byte[] scratch)
    {
        var bytes = scratch.AsSpan(0, length);
        for (var i = 0; i < length; i += 8)
        {
            payload = Mixing.Finish(payload + 1);
            for (var j = i; j < Math.Min(i + 8, length); j++) bytes[j] = (byte)(payload >> (8 * (j - i)));
        }
        return bytes;
    }
}

/// <summary>What the model remembers of an entry; the checksum stands for the bytes.</summary>
internal readonly record struct ModelEntry(Term Term, EntryKind Kind, int Length, uint Crc);

using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Probes;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Recovering;

/// <summary>
/// What the bytes behind a bad record still tell: how far the log was durable, the newest term and vote, the newest start,
/// the highest entry. Every header stands for itself there, because it is bound to its place.
/// </summary>
internal sealed class Survivors<TProbe> where TProbe : struct, IStorageProbe
{
    private HardState _hardState;
    private uint _told;
    private uint _counted;
    private bool _endIsLost;
    private byte[] _base = [];

    internal bool FoundRecord { get; private set; }

    /// <summary>How far the segment looked at last was durable, as far as anything in it says so.</summary>
    internal uint DurableUpTo { get; private set; }

    internal uint Epoch { get; private set; }

    internal LogIndex LastKnown { get; private set; }

    internal HardState HardState => _hardState;

    /// <summary>The payload of the highest base; nothing when there is none.</summary>
    internal ReadOnlySpan<byte> Base => _base;

    /// <summary>What is told of other members.</summary>
    internal List<SeenPeer> Peers { get; } = [];

    /// <summary>Every membership that is spoken of.</summary>
    internal List<Configuration> Configurations { get; } = [];

    internal uint HardStates => Math.Max(_told, _counted);

    /// <summary>Something newer than the newest readable term and vote was written, or nobody can say whether it was.</summary>
    internal bool HardStateIsLost => (_counted > _told || _endIsLost) && !default(TProbe).Plants(StorageMutant.HardStateGuessed);

    /// <summary>What was read in order before the bad record.</summary>
    internal void Begin(LogState state)
    {
        Hear(state.Promises);
        Epoch = Math.Max(Epoch, state.Epoch);
    }

    internal void Look(SegmentHead head)
    {
        Hear(head.Promises);
        Epoch = Math.Max(Epoch, head.Epoch);
    }

    /// <summary>The end of the newest file is gone. Nothing tells how much lay there, so nobody can say that no newer vote did.</summary>
    internal void LoseEnd() => _endIsLost = true;

    /// <param name="until">Where the next segment says that this one ends: what lies behind was cut, and counts for nothing.</param>
    /// <returns>Whether anything in the segment could be read.</returns>
    internal bool Look(SegmentImage<TProbe> segment, long from, uint until)
    {
        var found = false;
        DurableUpTo = 0;
        var mark = segment.Mark;
        if (mark.Number > 0)
        {
            Hear(mark.Promises);
            Epoch = Math.Max(Epoch, mark.Epoch);
            if (!default(TProbe).Plants(StorageMutant.CloseIgnored)) DurableUpTo = mark.DurableUpTo;
            if (mark.LeftForNext) until = Math.Min(until, mark.DurableUpTo);
        }

        for (var at = from; at < until && at <= segment.Length - RecordHeader.Bytes; at += 8)
        {
            if (!segment.TryHeader(at, out var header, out _)) continue;
            Look(segment, at, header);
            found = true;
        }

        return found || mark.Number > 0;
    }

    private void Look(SegmentImage<TProbe> segment, long at, in RecordHeader header)
    {
        // Among many places some may look like a header by chance; what it says must at least be possible there.
        if (header.DurableUpTo > at || header.DurableUpTo < segment.FirstRecord || (header.DurableUpTo & 7) != 0) return;
        FoundRecord = true;
        if (!default(TProbe).Plants(StorageMutant.DurableMarkIgnored)) DurableUpTo = Math.Max(DurableUpTo, header.DurableUpTo);
        Epoch = Math.Max(Epoch, header.Epoch);
        LastKnown = LogIndex.Larger(LastKnown, header.Last.Index);
        _counted = Math.Max(_counted, header.HardStates);
        if (!segment.IsPayloadGood(at, header)) return;
        var payload = segment.PayloadOf(at, header);
        if (header.Type == RecordType.HardState && header.Length == 16) Tell(Records.ReadHardState(payload), header.HardStates);
        else if (header.Type == RecordType.Peer && header.Length == Records.PeerBytes) Peers.Add(Records.ReadPeer(payload));
        else if (header.Type == RecordType.Base && header.Length >= Records.BaseBytes) LookAtBase(payload);
        else if (header.Type == RecordType.Entry && header.Detail == (byte)EntryKind.Configuration) LookAtConfiguration(payload);
    }

    private void LookAtBase(ReadOnlySpan<byte> payload)
    {
        LookAtConfiguration(payload[Records.BaseBytes..]);
        if (_base.Length == 0 || Records.ReadBoundary(payload).Index > Records.ReadBoundary(_base).Index) _base = payload.ToArray();
    }

    private void LookAtConfiguration(ReadOnlySpan<byte> bytes)
    {
        if (ConfigurationCodec.TryRead(bytes, out var configuration)) Configurations.Add(configuration);
    }

    private void Hear(Promises promises)
    {
        Tell(promises.HardState, promises.HardStates);
        LastKnown = LogIndex.Larger(LastKnown, promises.Last.Index);
    }

    private void Tell(HardState hardState, uint count)
    {
        if (count >= _told) (_hardState, _told) = (hardState, count);
    }
}

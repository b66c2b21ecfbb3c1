using System.Buffers.Binary;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Wal.State;

/// <summary>
/// What the records so far add up to, payloads apart. Writing a record and reading it back change it through the same
/// method, so the two cannot disagree. Belongs to the log's thread; only <see cref="Map"/> is read by others.
/// </summary>
internal sealed class LogState
{
    private readonly SortedList<MemberId, SeenPeer> _peers = [];

    internal LogMap Map { get; } = new();

    internal Boot Boot { get; private set; }

    /// <summary>The lower half of the boot, which every record carries.</summary>
    internal uint Epoch => (uint)Boot.Value;

    internal HardState HardState { get; private set; }

    /// <summary>How many hard states were written in the life of this directory.</summary>
    internal uint HardStates { get; private set; }

    internal EntryId Last => Map.Last;

    /// <summary>The entry before the log's first one: the oldest kept snapshot, or nothing.</summary>
    internal EntryId Base { get; private set; }

    internal Configuration BaseConfiguration { get; private set; } = Configuration.Empty;

    /// <summary>The oldest segment that is still needed.</summary>
    internal ulong Oldest { get; private set; } = 1;

    internal LostEntries? Lost { get; private set; }

    internal IList<SeenPeer> Peers => _peers.Values;

    internal Promises Promises => new(HardState, HardStates, Last);

    /// <summary>The segments that hold what is still needed, the live one last.</summary>
    internal List<Segment> Segments { get; } = [];

    /// <summary>
    /// Reading begins with a segment whose predecessors are gone. What they held up to its head is taken as read; a base
    /// at or above that must come, or entries are missing.
    /// </summary>
    internal void StartFrom(SegmentHead head)
    {
        (HardState, HardStates) = (head.Promises.HardState, head.Promises.HardStates);
        Boot = new Boot(head.Epoch);
        Map.StartAfter(head.Promises.Last);
    }

    /// <summary>
    /// What the head of a later segment says. After damage it may know more than the records before it: what was found
    /// elsewhere then was written here.
    /// </summary>
    internal void Hear(SegmentHead head)
    {
        if (head.Promises.HardStates > HardStates) (HardState, HardStates) = (head.Promises.HardState, head.Promises.HardStates);
        if (head.Epoch > Boot.Value) Boot = new Boot(head.Epoch);
    }

    /// <summary>Whether every entry after the base was read.</summary>
    internal bool IsWhole => Base == Map.Base;

    /// <summary>After damage: the newest promises that were found, wherever they were found.</summary>
    internal void Adopt(HardState hardState, uint hardStates, Boot boot) => (HardState, HardStates, Boot) = (hardState, hardStates, boot);

    /// <summary>After damage: a base that was found behind it, of which a snapshot exists.</summary>
    internal void Adopt(ReadOnlySpan<byte> basePayload)
    {
        if (!basePayload.IsEmpty) TakeBase(basePayload);
    }

    /// <summary>After damage: what is told behind it of other members, where it is news.</summary>
    internal void Adopt(IEnumerable<SeenPeer> peers)
    {
        foreach (var peer in peers)
        {
            var isOld = _peers.TryGetValue(peer.Member, out var known) && known.Incarnation == peer.Incarnation
                && known.HighestBoot >= peer.HighestBoot;
            if (!isOld) _peers[peer.Member] = peer;
        }
    }

    /// <summary>A directory that holds nothing yet.</summary>
    internal void Found(Configuration founding) => BaseConfiguration = founding;

    /// <summary>The operator has decided to go on without what was lost.</summary>
    internal void AcceptLoss() => Lost = null;

    /// <summary>Damage took what comes after the last entry; what an earlier one took may still be missing, too.</summary>
    internal void Lose(LogIndex lastKnown, bool hardState) => Lost = new LostEntries(
        Last.Index.Next, LogIndex.Larger(lastKnown, Lost?.LastKnown ?? default), hardState || Lost is { HardStateIsLost: true });

    /// <summary>False when the record makes no sense here, which no written log does.</summary>
    internal bool TryApply(in RecordHeader header, ReadOnlySpan<byte> payload, RecordPlace place)
    {
        var makesSense = header.Type switch
        {
            RecordType.Boot => payload.Length == 8 && TakeBoot(new Boot(U64(payload)), header.Epoch),
            RecordType.HardState => payload.Length == 16 && TakeHardState(payload, header.HardStates),
            RecordType.Entry => TakeEntry(header, place),
            RecordType.Truncation => payload.Length == 8 && TakeTruncation(new LogIndex(U64(payload)), header.Last),
            RecordType.Peer => payload.Length == Records.PeerBytes && TakePeer(payload),
            RecordType.Base => TakeBase(payload),
            RecordType.Recovering => payload.Length == 24 && TakeLost(payload),
            RecordType.Recovered => payload.IsEmpty && TakeRecovered(),
            _ => false,
        };
        return makesSense && header.Last == Last && header.HardStates == HardStates
            && (header.Type == RecordType.Entry || header.Detail == 0);
    }

    /// <summary>The first segment that is still needed when the log begins after the boundary.</summary>
    internal ulong OldestFor(LogIndex boundary)
    {
        var at = 0;
        while (at < Segments.Count - 1 && Segments[at].Highest <= boundary) at++;
        return Math.Max(Oldest, Segments[at].Sequence);
    }

    private bool TakeBoot(Boot boot, uint epoch)
    {
        if (boot <= Boot || (uint)boot.Value != epoch) return false;
        Boot = boot;
        return true;
    }

    private bool TakeHardState(ReadOnlySpan<byte> payload, uint count)
    {
        if (count != HardStates + 1) return false;
        HardState = Records.ReadHardState(payload);
        HardStates = count;
        return true;
    }

    private bool TakeEntry(in RecordHeader header, RecordPlace place)
    {
        var follows = header.Last.Index == Last.Index.Next && header.Last.Term >= Last.Term;
        if (!follows || (EntryKind)header.Detail is < EntryKind.Noop or > EntryKind.Configuration) return false;
        Map.Append(header.Last, place);
        Segments[^1].Highest = LogIndex.Larger(Segments[^1].Highest, header.Last.Index);
        return true;
    }

    private bool TakeTruncation(LogIndex from, EntryId last)
    {
        if (from <= Base.Index || from > Last.Index.Next || last.Index != from.Previous) return false;
        if (from > Map.Base.Index) Map.TruncateFrom(from);
        else Map.StartAfter(last);
        return true;
    }

    private bool TakePeer(ReadOnlySpan<byte> payload)
    {
        var peer = Records.ReadPeer(payload);
        _peers[peer.Member] = peer;
        return true;
    }

    private bool TakeBase(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Records.BaseBytes) return false;
        var boundary = Records.ReadBoundary(payload);
        if (!Records.TryReadMembers(payload, boundary, out var configuration)) return false;
        if (boundary.Index < Base.Index) return false;
        if (boundary.Index >= Map.Base.Index) Map.BeginAfter(boundary);
        Base = boundary;
        BaseConfiguration = configuration;
        Oldest = U64(payload[16..]);
        return true;
    }

    private bool TakeLost(ReadOnlySpan<byte> payload)
    {
        Lost = new LostEntries(new LogIndex(U64(payload)), new LogIndex(U64(payload[8..])), payload[16] == 1);
        return true;
    }

    private bool TakeRecovered()
    {
        Lost = null;
        return true;
    }

    private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
